import { EsidReason } from '../reasons/esid.js';
import { ProtocolError } from '../wire/errors.js';
import { foreignProtocolOf, ForeignProtocolError } from './foreign.js';
import { HEADER_LENGTH, LONGEST_EXCHANGE_BUFFER } from './header.js';

/** The longest exchange buffers accepted now, in octets without stream transmission header. */
export interface FrameLimits {
  /** Commands other than DATA: the negotiated buffer size does not bind them. */
  readonly command: number;
  /** DATA: the negotiated SSIDSDEB. RFC 5024 §5.3.2 */
  readonly data: number;
}

/** Before a valid SSID: SSID has 61 octets, ESID at most 1006. DATA is let through for the session to refuse. */
export const LIMITS_BEFORE_SSID: FrameLimits = { command: 1006, data: 1006 };

const VERSION = 1;
const DATA_OCTET = 0x44;
/** Read chunks are let go in batches: taking each one off the front would move the whole list every time. */
const CHUNKS_LET_GO = 1024;

/**
 * Cuts the octets of a connection into exchange buffers. RFC 5024 §8
 *
 * Give it chunks as they come, then take frames until there is none. A frame that lies in one chunk is a view of it; one
 * that does not is copied once, so chunks of any size cost linear time, and memory stays at the unread chunks and one frame.
 */
export class FrameReader {
  readonly #chunks: Uint8Array[] = [];
  #head = 0;
  #offset = 0;
  readonly #header: number[] = [];
  #length = 0;
  #body: Uint8Array | undefined;
  #filled = 0;
  /** Memory of the last frame that was put together here, and whether the caller is done with it. */
  #memory: Uint8Array | undefined;
  #lent: Uint8Array | undefined;
  #opened = false;
  #failure: Error | undefined;

  /** @param limits what is accepted first; widen it when the state allows more */
  constructor(public limits: FrameLimits = LIMITS_BEFORE_SSID) {}

  /** Whether part of a frame has arrived: closing now is an abort, and the frame's timer runs. */
  get isMidFrame(): boolean {
    return this.#header.length > 0;
  }

  /** Whether stream transmission headers with flags were seen: reserved, ignored, worth one line in the log. */
  hasSeenFlags = false;

  /** Takes octets from the connection; they must not change while frames are views of them. */
  push(chunk: Uint8Array): void {
    if (chunk.length > 0 && this.#failure === undefined) this.#chunks.push(chunk);
  }

  /**
   * The next whole exchange buffer, without header; undefined when more octets are needed.
   * @throws {ProtocolError} reason 01 for another version, 07 for a length that is illegal or over the limit, as soon as the
   * header says so
   * @throws {ForeignProtocolError} when the connection opens with another protocol
   */
  next(): Uint8Array | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return this.#read();
    } catch (error) {
      // Where the next frame would begin is unknown now.
      this.#failure = error as Error;
      this.#chunks.length = 0;
      this.#body = undefined;
      throw error;
    }
  }

  /**
   * Says that nobody needs a frame any more. Memory the reader took for it serves the next DATA: fresh memory for each of
   * them costs more than the copy. Frames that are views of a chunk are none of its business, so any frame may be given, or
   * the payload of one.
   */
  recycle(frame: Uint8Array): void {
    if (frame.buffer === this.#lent?.buffer) this.#lent = undefined;
  }

  #read(): Uint8Array | undefined {
    if (this.#length === 0 && !this.#readHeader()) return undefined;
    if (this.#body === undefined) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return undefined;
      this.#checkLimit(chunk[this.#offset]);
      const end = this.#offset + this.#length;
      if (end <= chunk.length) {
        const view = chunk.subarray(this.#offset, end);
        this.#consume(this.#length);
        this.#finish();
        return view;
      }
      this.#body = this.#memoryFor(this.#length);
      this.#filled = 0;
    }
    return this.#fill(this.#body);
  }

  #readHeader(): boolean {
    while (this.#header.length < HEADER_LENGTH) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return false;
      this.#header.push(chunk[this.#offset] as number);
      this.#consume(1);
    }
    this.#length = this.#checkHeader();
    return true;
  }

  #checkHeader(): number {
    const [first = 0, high = 0, middle = 0, low = 0] = this.#header;
    const foreign = this.#opened ? undefined : foreignProtocolOf(this.#header);
    if (foreign !== undefined) throw new ForeignProtocolError(foreign);
    if (first >>> 4 !== VERSION) {
      throw new ProtocolError(EsidReason.commandNotRecognised, 'Stream Transmission Header of another version');
    }
    this.#opened = true;
    if ((first & 0x0f) !== 0) this.hasSeenFlags = true;
    const length = ((high << 16) | (middle << 8) | low) - HEADER_LENGTH;
    if (length < 1 || length > LONGEST_EXCHANGE_BUFFER) throw this.#tooLong(length);
    if (length > Math.max(this.limits.command, this.limits.data)) throw this.#tooLong(length);
    return length;
  }

  #checkLimit(commandOctet: number | undefined): void {
    const isData = commandOctet === DATA_OCTET;
    if (this.#length > (isData ? this.limits.data : this.limits.command)) throw this.#tooLong(this.#length);
    // Between files an idle session holds no memory for them.
    if (!isData) this.#memory = undefined;
  }

  #memoryFor(length: number): Uint8Array {
    if (this.#memory === undefined || this.#lent !== undefined || this.#memory.length < length) {
      this.#memory = Buffer.allocUnsafeSlow(length);
    }
    return this.#memory.subarray(0, length);
  }

  #tooLong(length: number): ProtocolError {
    return new ProtocolError(EsidReason.bufferSizeError, `Exchange Buffer of ${length} octets is not acceptable`);
  }

  #fill(body: Uint8Array): Uint8Array | undefined {
    while (this.#filled < this.#length) {
      const chunk = this.#chunks[this.#head];
      if (chunk === undefined) return undefined;
      const part = chunk.subarray(this.#offset, this.#offset + this.#length - this.#filled);
      body.set(part, this.#filled);
      this.#filled += part.length;
      this.#consume(part.length);
    }
    this.#finish();
    this.#lent = body;
    return body;
  }

  #consume(count: number): void {
    this.#offset += count;
    if (this.#offset !== this.#chunks[this.#head]?.length) return;
    this.#offset = 0;
    this.#head += 1;
    if (this.#head < CHUNKS_LET_GO && this.#head < this.#chunks.length) return;
    this.#chunks.splice(0, this.#head);
    this.#head = 0;
  }

  #finish(): void {
    this.#header.length = 0;
    this.#length = 0;
    this.#body = undefined;
  }
}
