import { ExchangeBufferEncoder } from '../data/encoder.js';
import type { Allocate } from '../data/frame-writer.js';
import { countsAt } from '../data/restart.js';
import { transmittedLayout, type FileCounts } from '../data/virtual-file.js';
import type { Effect } from './effects.js';
import type { FileDescription } from './primitives.js';
import { SessionRequestError } from './session-error.js';
import type { Session } from './session.js';

/** What a sender has to know beside its SFID. */
export interface FileSenderOptions {
  readonly file: FileDescription;
  /** From F_START_FILE_CF: where the transfer goes on, in the units of SFIDREST. */
  readonly restartPosition: bigint;
  /** Format V and a restart only: the lengths of the records from the first on, as many as are skipped. */
  readonly recordLengths?: Iterable<number>;
  /** Where memory for frames comes from; it comes back in `released` of the send effects. */
  readonly allocate?: Allocate;
}

/**
 * Sends one file through a session that has just given F_START_FILE_CF(+): fills DATA as far as the credit goes, and ends
 * with F_CLOSE_FILE_RQ and the counts of the whole file, as soon as that is allowed.
 *
 * Push while `needsInput`; after the last octet `end()`. Whenever F_DATA_CF comes and there is something left, `proceed()`.
 */
export class FileSender {
  readonly #session: Session;
  readonly #encoder: ExchangeBufferEncoder;
  #ended = false;
  #closed = false;

  /**
   * @param session in state OPO
   * @throws {SessionRequestError} when nothing has been negotiated
   * @throws {EncodeError} when a V file has fewer records than are skipped
   */
  constructor(session: Session, { file, restartPosition, recordLengths = [], allocate }: FileSenderOptions) {
    const { negotiated } = session;
    if (negotiated === undefined) {
      throw new SessionRequestError(
        'not-in-this-state',
        session.state,
        'A file is sent after F_START_FILE_CF, not before',
      );
    }
    const layout = transmittedLayout(file);
    this.#session = session;
    this.#encoder = new ExchangeBufferEncoder({
      layout,
      bufferSize: negotiated.bufferSize,
      compression: negotiated.compression,
      transmitted: countsAt(layout, restartPosition, recordLengths),
      ...(allocate === undefined ? {} : { allocate }),
    });
  }

  /** Whether all that was pushed is on its way, so that more may be pushed or the end be said. */
  get needsInput(): boolean {
    return !this.#ended && this.#encoder.needsInput;
  }

  /** Whether EFID has been sent. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** What EFID says, or would say of what was pushed so far. */
  get counts(): FileCounts {
    return this.#encoder.counts;
  }

  /**
   * The next octets of the file, in pieces of any size; they must not change until `needsInput`.
   * @param endsRecord format V only: the record ends with them
   * @throws {EncodeError} when a record is longer than SFIDLRECL, or the octets before are not used up
   */
  push(octets: Uint8Array, endsRecord = false): Effect[] {
    this.#encoder.push(octets, endsRecord);
    return this.proceed();
  }

  /**
   * All has been pushed.
   * @throws {EncodeError} when the file ends within a record
   */
  end(): Effect[] {
    this.#encoder.end();
    this.#ended = true;
    return this.proceed();
  }

  /** Goes on after F_DATA_CF. Without credit nothing happens, and so after the end of the session. */
  proceed(): Effect[] {
    const effects: Effect[] = [];
    let frames;
    while (this.#session.credit > 0 && (frames = this.#encoder.next(this.#session.credit)) !== undefined) {
      const { octets, released } = frames;
      effects.push(...this.#session.request({ primitive: 'F_DATA_RQ', frames: octets, released }));
    }
    // EFID never goes out while a CDT is due, also where the last DATA used up the window.
    if (this.#encoder.isDone && !this.#closed && this.#session.credit > 0) {
      effects.push(...this.#session.request({ primitive: 'F_CLOSE_FILE_RQ', counts: this.#encoder.counts }));
      this.#closed = true;
    }
    return effects;
  }
}
