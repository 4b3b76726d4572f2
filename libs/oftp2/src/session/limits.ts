import type { Capabilities } from './negotiation.js';

/** How much a peer may ask of us, beyond what was negotiated. */
export interface SessionLimits {
  /** Longest command other than DATA once the session has started, in octets: AUCH, EERP and NERP say up to 64 KiB and more. */
  readonly command: number;
  /** Octets kept while the user is asked; the peer has nothing to say then, so one buffer is generous. */
  readonly held: number;
  /** DATA in a row that bring no octet of the file. */
  readonly emptyBuffers: number;
}

/** Limits that no honest station meets. */
export const DEFAULT_LIMITS: SessionLimits = { command: 32_768, held: 100_003, emptyBuffers: 64 };

/** @throws {RangeError} for capabilities outside RFC 5024 §9.7 */
export function checkCapabilities({ bufferSize, credit }: Capabilities): void {
  if (!Number.isInteger(bufferSize) || bufferSize < 128 || bufferSize > 99_999) {
    throw new RangeError(`capabilities.bufferSize is ${bufferSize}; give 128 to 99999`);
  }
  if (!Number.isInteger(credit) || credit < 1 || credit > 999) {
    throw new RangeError(`capabilities.credit is ${credit}; give 1 to 999`);
  }
}
