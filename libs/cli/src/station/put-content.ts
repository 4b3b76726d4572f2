import { createHash } from 'node:crypto';
import { ca } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { invalid } from '../input/invalid.js';

/** Octets of each part but the last one. */
export const PART_OCTETS = 524_288;
/** As many octets as the parts of one list hold. */
export const CONTENT_OCTETS = 128 * PART_OCTETS;

/** A busy store takes its time over half a megabyte. */
const PART_MS = 30_000;

/** Cuts a list into what one request each carries; base64. */
export function partsOf(octets: Uint8Array): string[] {
  const whole = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const count = Math.max(1, Math.ceil(whole.length / PART_OCTETS));
  return Array.from({ length: count }, (_, part) =>
    whole.subarray(part * PART_OCTETS, (part + 1) * PART_OCTETS).toString('base64'),
  );
}

/**
 * Hands a list over to ca-store, which knows it by its SHA-256 then. The same list again costs the way only.
 * @param tell is told how far it has come
 * @throws {CertlaneError} `invalid-argument` when it is too large
 */
export async function putContent(
  bus: Bus,
  octets: Uint8Array,
  named: { readonly field: string; readonly shown: string },
  tell: (progress: string) => void,
): Promise<string> {
  if (octets.length > CONTENT_OCTETS) {
    const problem = `the list has ${octets.length} octets, ${CONTENT_OCTETS} at most are taken`;
    throw invalid(named.field, named.shown, `${problem}; ask its issuer for one in parts`);
  }
  const content = createHash('sha256').update(octets).digest('hex');
  const parts = partsOf(octets);
  for (const [part, text] of parts.entries()) {
    await bus.request(ca.contentPut, { content, parts: parts.length, part, octets: text }, { timeoutMs: PART_MS });
    if (parts.length > 1) tell(`${part + 1} of ${parts.length} parts handed over`);
  }
  return content;
}
