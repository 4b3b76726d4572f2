import type { Certificate } from '../certificate/index.js';
import { formatDistinguishedName } from '../names/index.js';
import { type CertificateIdentifier, isNamedBy } from './certificate-identifier.js';
import type { ContentSigner, SignedContent } from './read-signed.js';
import type { SignedVerdict, SignerVerdict } from './signed-verdict.js';
import { algorithmFault, contentFault, fault, keyFault, type SignerFault } from './signer-faults.js';

/**
 * Which of the given certificates signed the content (RFC 5652 §5.4, §5.6). One good signer is enough, for others may have
 * signed with certificates that are unknown here; what became of each is told. Certificates inside the object are never
 * looked at. Dates, revocation and paths are the caller's matter: give only certificates that are trusted for this.
 */
export function verifySigned(signed: SignedContent, trusted: readonly Certificate[]): SignedVerdict {
  const signers = signed.signers.map((signer) => judge(signed, signer, trusted));
  const signedBy = new Map<string, Certificate>();
  for (const one of signers) if (one.ok) signedBy.set(one.certificate.fingerprint, one.certificate);
  if (signedBy.size > 0) return { ok: true, signedBy: [...signedBy.values()], signers };
  const refused = signers.filter((one) => !one.ok);
  // What is wrong with a signer we know is what an operator wants to hear.
  const { reason, message } =
    refused.find((one) => one.reason !== 'signer-unknown') ??
    refused[0] ??
    fault('no-signer', 'The signed data has no signer.');
  return { ok: false, reason, message, signers };
}

function judge(
  { contentType, content }: SignedContent,
  signer: ContentSigner,
  trusted: readonly Certificate[],
): SignerVerdict {
  const refused = ({ reason, message }: SignerFault): SignerVerdict => ({ ok: false, signer, reason, message });
  if (content === undefined) {
    return refused(fault('content-missing', 'The signature is detached: the content is not in the signed data.'));
  }
  const named = trusted.filter((certificate) => isNamedBy(certificate, signer.identifier));
  const who = nameOf(signer.identifier);
  let last = fault('signer-unknown', `The content is signed with ${who}, which is none of the trusted ones.`);
  if (named.length === 0) return refused(last);
  const found = algorithmFault(signer) ?? contentFault(contentType, content, signer);
  if (found !== undefined) return refused(found);
  // A key identifier, or a name that no registry assigns, may be that of several certificates.
  for (const certificate of named) {
    const wrong = keyFault(content, signer, certificate);
    if (wrong === undefined) return { ok: true, signer, certificate };
    last = wrong;
  }
  return refused(last);
}

function nameOf(identifier: CertificateIdentifier): string {
  return 'subjectKeyIdentifier' in identifier
    ? `the certificate with key identifier ${identifier.subjectKeyIdentifier.slice(0, 128)}`
    : `certificate ${identifier.serialNumber} of ${formatDistinguishedName(identifier.issuer).slice(0, 256)}`;
}
