import type { FiledCertificate, PartnerRecord } from './records.js';

/**
 * Whether a certificate on file is out of use because its issuer, or one above it, revoked it: the last review found it so, and the
 * partner's mode heeds that. It keeps its place on file and in its lines, and serves again once it is found trusted.
 *
 * Of all that a review finds this alone takes a certificate out of use: an unknown issuer or a list that nobody can read is often a
 * matter of hours, and a refusal would lock out the very session that brings the renewal.
 */
export function isRevoked(
  { revocation }: Pick<PartnerRecord, 'revocation'>,
  { standing }: Pick<FiledCertificate, 'standing'>,
): boolean {
  return revocation !== 'off' && standing?.trusted === false && standing.reason === 'revoked';
}
