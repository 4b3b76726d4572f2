import { CertlaneError } from '@certlane/contracts';
import type { UploadPart } from '../ports/uploads.js';

/** Octets of each part but the last, which has as many or fewer. */
export const PART_OCTETS = 524_288;

/**
 * A part of a request, if it is one.
 * @param octets base64
 * @throws {CertlaneError} `invalid-argument` naming the field
 */
export function receivePart({
  content,
  parts,
  part,
  octets: text,
}: {
  readonly content: string;
  readonly parts: number;
  readonly part: number;
  readonly octets: string;
}): UploadPart {
  if (part >= parts) throw refusal('part', `${part} is not one of ${parts} parts, which are numbered from 0`);
  const octets = Buffer.from(text, 'base64');
  const last = part === parts - 1;
  if (last ? octets.length === 0 || octets.length > PART_OCTETS : octets.length !== PART_OCTETS) {
    const wanted = last ? `1 to ${PART_OCTETS}, as it is the last part` : `${PART_OCTETS}, as more parts follow`;
    throw refusal('octets', `there are ${octets.length} octets where there have to be ${wanted}`);
  }
  return { content, parts, part, octets };
}

const refusal = (field: string, message: string): CertlaneError =>
  new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field } });
