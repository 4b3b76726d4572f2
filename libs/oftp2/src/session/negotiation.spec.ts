import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { narrowMode, negotiate, offer, type Capabilities, type Mode } from './negotiation.js';

const BIG: Capabilities = { mode: 'B', bufferSize: 4096, credit: 64, compression: true, restart: true };
const SMALL: Capabilities = { mode: 'B', bufferSize: 2048, credit: 7, compression: false, restart: true };

const capabilities = fc.record({
  mode: fc.constantFrom<Mode>('S', 'R', 'B'),
  bufferSize: fc.integer({ min: 128, max: 99_999 }),
  credit: fc.integer({ min: 1, max: 999 }),
  compression: fc.boolean(),
  restart: fc.boolean(),
});

/** Both halves of a negotiation between two honest sides. */
function both(initiator: Capabilities, responder: Capabilities) {
  const answered = negotiate(responder, offer(initiator), true);
  const taken = 'agreed' in answered ? negotiate(initiator, offer(answered.agreed), false) : answered;
  return { answered, taken };
}

describe('negotiation', () => {
  it('takes the smaller numbers and the common abilities', () => {
    const { answered, taken } = both(BIG, SMALL);
    expect(answered).toEqual({ agreed: SMALL });
    expect(taken).toEqual(answered);
  });

  it.each<[Mode, Mode, Mode, Mode | undefined]>([
    // Initiator, Responder can, Responder answers, Initiator's mode then
    ['B', 'B', 'B', 'B'],
    ['B', 'S', 'S', 'R'],
    ['B', 'R', 'R', 'S'],
    ['S', 'B', 'R', 'S'],
    ['S', 'R', 'R', 'S'],
    ['R', 'B', 'S', 'R'],
    ['R', 'S', 'S', 'R'],
  ])('pairs Initiator %s and Responder %s as %s and %s', (initiator, responder, answer, mode) => {
    const { answered, taken } = both({ ...BIG, mode: initiator }, { ...BIG, mode: responder });
    expect(answered).toMatchObject({ agreed: { mode: answer } });
    expect(taken).toMatchObject({ agreed: { mode } });
  });

  it.each<[Mode, Mode]>([
    ['S', 'S'],
    ['R', 'R'],
  ])('finds nothing to do for Initiator %s and Responder %s: ESID 10', (initiator, responder) => {
    expect(negotiate({ ...BIG, mode: responder }, offer({ ...BIG, mode: initiator }), true)).toMatchObject({
      refused: { reason: 10 },
    });
    expect(negotiate({ ...BIG, mode: initiator }, offer({ ...BIG, mode: responder }), false)).toMatchObject({
      refused: { reason: 10 },
    });
  });

  it.each([
    ['a level below 5', { SSIDLEV: 4 }, true],
    ['a level below 5 in an answer', { SSIDLEV: 4 }, false],
    ['a level above the one offered', { SSIDLEV: 6 }, false],
    ['more credit than offered', { SSIDCRED: 65 }, false],
    ['special logic that was not offered', { SSIDSPEC: 'Y' as const }, false],
  ])('refuses %s with ESID 10', (_, terms, answering) => {
    expect(negotiate(BIG, { ...offer(BIG), ...terms }, answering)).toMatchObject({ refused: { reason: 10 } });
  });

  it.each([
    ['a level above 5', { SSIDLEV: 6 }, {}],
    ['special logic', { SSIDSPEC: 'Y' as const }, {}],
    ['more credit', { SSIDCRED: 999 }, { credit: 64 }],
  ])('as Responder answers %s with what we can', (_, terms, agreed) => {
    const outcome = negotiate(BIG, { ...offer(BIG), ...terms }, true);
    expect(outcome).toMatchObject({ agreed });
    expect(offer((outcome as { agreed: Capabilities }).agreed)).toMatchObject({ SSIDLEV: 5, SSIDSPEC: 'N' });
  });

  it('takes an answer that promises more than was offered for what was offered', () => {
    const outcome = negotiate(SMALL, { ...offer(SMALL), SSIDSDEB: 9999, SSIDCMPR: 'Y' }, false);
    expect(outcome).toEqual({ agreed: SMALL });
  });

  it('leaves both sides with the same terms and fitting modes, whatever they can', () => {
    fc.assert(
      fc.property(capabilities, capabilities, (initiator, responder) => {
        const { answered, taken } = both(initiator, responder);
        const possible = !(initiator.mode === responder.mode && initiator.mode !== 'B');
        expect('agreed' in answered).toBe(possible);
        if (!('agreed' in answered) || !('agreed' in taken)) return;
        const { mode: theirs, ...terms } = answered.agreed;
        const { mode: ours, ...sameTerms } = taken.agreed;
        expect(sameTerms).toEqual(terms);
        expect({ B: 'B', S: 'R', R: 'S' }[ours]).toBe(theirs);
      }),
    );
  });

  it.each<[Mode, Mode, Mode | undefined]>([
    ['B', 'B', 'B'],
    ['B', 'S', 'S'],
    ['S', 'B', 'S'],
    ['S', 'S', 'S'],
    ['S', 'R', undefined],
    ['R', 'S', undefined],
  ])('narrows the capability %s to the wish %s: %s', (own, wanted, left) => {
    expect(narrowMode(own, wanted)).toBe(left);
  });
});
