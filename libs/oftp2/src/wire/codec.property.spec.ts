import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Command, COMMANDS, type CommandName } from './command.js';
import { decodeCommand, decodeExchangeBuffer } from './decode.js';
import { encodeCommand } from './encode.js';
import { EncodeError, ProtocolError } from './errors.js';
import { layoutOf, type Slot } from './layout.js';
import { NO_LENIENCIES } from './leniencies.js';
import { goldenVectors } from './testing/golden-vectors.js';

const NAMES = Object.keys(COMMANDS) as CommandName[];
const LETTERS = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ/-.&()');

const textOf = (width: number, required: boolean): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(' ', ...LETTERS), maxLength: width })
    .map((text) => text.trimEnd())
    .filter((text) => !required || text !== '');

function valueOf({ field, kind, width }: Slot): fc.Arbitrary<unknown> {
  if (field.values) return fc.constantFrom(...field.values);
  if (field.listed) return fc.constantFrom(...field.listed);
  switch (kind) {
    case 'X':
      return textOf(width ?? 0, field.required ?? false);
    case '9': {
      const [min, max] = field.range ?? [0, 10 ** Math.min(width ?? 0, 13) - 1];
      return width === 17 ? fc.bigInt({ min: 0n, max: 99_999_999_999_999_999n }) : fc.integer({ min, max });
    }
    case 'T':
      return fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => text.isWellFormed());
    case 'U':
      return fc.uint8Array(width === undefined ? { maxLength: 300 } : { minLength: width, maxLength: width });
  }
}

/** Any command that follows its table; SFID may still contradict itself. */
function commandOf(name: CommandName): fc.Arbitrary<Command> {
  const fields = layoutOf(name).slots.filter(({ field }) => field.role === undefined);
  const shape = Object.fromEntries(fields.map((slot) => [slot.field.property ?? slot.field.name, valueOf(slot)]));
  return fc.record({ command: fc.constant(name), ...shape }) as unknown as fc.Arbitrary<Command>;
}

describe('codec', () => {
  it.each(NAMES)('%s: what is encoded is decoded to the same, octets and object', (name) => {
    fc.assert(
      fc.property(commandOf(name), (command) => {
        let oeb: Uint8Array;
        try {
          oeb = encodeCommand(command);
        } catch (error) {
          fc.pre(!(error instanceof EncodeError && error.field === 'SFID'));
          throw error;
        }
        const decoded = decodeCommand(oeb, { leniencies: NO_LENIENCIES });
        expect(decoded).toEqual(command);
        expect(encodeCommand(decoded)).toEqual(oeb);
      }),
      { numRuns: 60 },
    );
  });

  it('answers any octets with a command or a ProtocolError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Array.from('IXJASH23DCT45FRENPZ')),
        fc.uint8Array({ maxLength: 400 }),
        (octet, rest) => {
          const oeb = Uint8Array.from([octet.charCodeAt(0), ...rest]);
          try {
            expect(NAMES).toContain(decodeCommand(oeb).command);
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('survives any change, cut or addition to a good command; ESID is never an error', () => {
    const change = fc.record({
      vector: fc.constantFrom(...goldenVectors()),
      at: fc.nat(1000),
      octet: fc.nat(255),
      length: fc.nat(400),
    });
    fc.assert(
      fc.property(change, ({ vector, at, octet, length }) => {
        const oeb = new Uint8Array(length);
        oeb.set(vector.frame.slice(4, 4 + length));
        if (length > 0) oeb[at % length] = octet;
        try {
          decodeExchangeBuffer(oeb);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect(oeb[0]).not.toBe(0x46);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
