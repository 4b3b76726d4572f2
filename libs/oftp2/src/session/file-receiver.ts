import { ExchangeBufferDecoder } from '../data/decoder.js';
import type { Allocate } from '../data/frame-writer.js';
import { countsAt } from '../data/restart.js';
import { hasRecords, transmittedLayout, type FileCounts, type VirtualFileLayout } from '../data/virtual-file.js';
import type { CommandNamed } from '../wire/command.js';
import type { Output } from './machine.js';
import type { FileDescription, StartFileAcceptance } from './primitives.js';

/** DATA are decoded one behind the other into slabs, as a piece of memory for each would cost more; slabs grow up to this. */
const LARGEST_SLAB = 524_288;
const EMPTY = new Uint8Array(0);

/** What is there already of a file whose transfer goes on; undefined where the user has to say it and does not. */
export function countsHeld(
  layout: VirtualFileLayout,
  { restartPosition, octetsHeld }: StartFileAcceptance,
): FileCounts | undefined {
  if (layout.format !== 'V' || restartPosition === 0n) return countsAt(layout, restartPosition);
  return octetsHeld === undefined ? undefined : { records: restartPosition, units: octetsHeld };
}

/** A file that is being received: turns DATA and EFID into what the user is told. */
export class FileReceiver {
  readonly #decoder: ExchangeBufferDecoder;
  readonly #allocate: Allocate;
  readonly #marksEnd: boolean;
  #compressionExpected: boolean;
  #slab: Uint8Array = EMPTY;
  #slabLength = 0;

  /**
   * @param file its SFID
   * @param acceptance from where on and up to which size the user takes it
   * @param compression whether compressed subrecords were agreed on
   * @param emptyBufferLimit how many DATA in a row may bring nothing
   * @param allocate where memory for the octets comes from
   */
  constructor(
    file: FileDescription,
    acceptance: StartFileAcceptance,
    compression: boolean,
    emptyBufferLimit: number,
    allocate: Allocate,
  ) {
    const layout = transmittedLayout(file);
    const received = countsHeld(layout, acceptance);
    this.#allocate = allocate;
    this.#marksEnd = !hasRecords(layout.format);
    this.#compressionExpected = compression;
    this.#decoder = new ExchangeBufferDecoder({
      layout,
      sizeLimit: acceptance.maximumOctets,
      emptyBufferLimit,
      ...(received === undefined ? {} : { received }),
    });
  }

  /**
   * F_DATA_IND of one DATA; nothing where it brings nothing to store.
   * @throws {ProtocolError} when its subrecords are broken, or bring nothing too often
   */
  take(payload: Uint8Array): Output[] {
    // Uncompressed subrecords shrink; compressed ones may find their own memory.
    if (this.#slab.length < payload.length) {
      this.#slabLength = Math.max(payload.length, Math.min(LARGEST_SLAB, this.#slabLength * 2));
      this.#slab = this.#allocate(this.#slabLength);
    }
    const { octets, recordEnds } = this.#decoder.decode(payload, this.#slab);
    if (octets.buffer === this.#slab.buffer) this.#slab = this.#slab.subarray(octets.length);
    // The user may give memory back as soon as other memory comes: what was left behind is never gone back to.
    else if (octets.length > 0) this.#slab = EMPTY;
    const outputs: Output[] = [];
    if (this.#decoder.hasSeenCompression && !this.#compressionExpected) {
      this.#compressionExpected = true;
      outputs.push({ output: 'tolerate', tolerance: 'COMPRESSION-NOT-AGREED' });
    }
    if (octets.length > 0 || recordEnds.length > 0) {
      outputs.push({ output: 'indicate', indication: { primitive: 'F_DATA_IND', octets, recordEnds } });
    }
    return outputs;
  }

  /** F_CLOSE_FILE_IND, with what is wrong with the file. */
  end({ EFIDRCNT, EFIDUCNT }: CommandNamed<'EFID'>): Output[] {
    const counts = { records: EFIDRCNT, units: EFIDUCNT };
    const problem = this.#decoder.finish(counts);
    const outputs: Output[] = [{ output: 'indicate', indication: { primitive: 'F_CLOSE_FILE_IND', counts, problem } }];
    if (this.#marksEnd && counts.units > 0n && !this.#decoder.isMarkedEnded && problem === undefined) {
      outputs.unshift({ output: 'tolerate', tolerance: 'END-OF-FILE-NOT-MARKED' });
    }
    return outputs;
  }
}
