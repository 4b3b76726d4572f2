import { type Certificate, KEY_PURPOSE } from '../../certificate/index.js';
import { sameName } from '../../names/index.js';
import { sameOctets } from '../../octets.js';
import type { RevocationSource } from '../../validation/revocation-source.js';
import { isSignedBy, verifySignature } from '../../validation/verify-signature.js';
import { hasExtension } from '../certificate-extensions.js';
import { shortText, troublesText } from '../texts.js';
import { keyHashOf } from './certificate-id.js';
import { OCSP } from './ocsp-oids.js';
import type { BasicOcspResponse, ResponderId } from './ocsp-response.js';

/** What a responder is judged by. */
export interface ResponderContext {
  /** From the certificate in question to the anchor. */
  readonly path: readonly Certificate[];
  readonly at: Date;
  /** Tells of the revocation of a responder that does not carry id-pkix-ocsp-nocheck; without it such a one is not believed. */
  readonly responderRevocation: RevocationSource | undefined;
}

/**
 * Why an answer does not come from the authority that issued the certificate or from one it delegated to
 * (RFC 6960 §4.2.2.2); undefined if it does.
 */
export function responderTrouble(basic: BasicOcspResponse, context: ResponderContext): string | undefined {
  const issuer = context.path[1];
  if (issuer === undefined) return 'there is no issuer whose responder could be asked';
  // Whoever asks chooses the nonce, and with it part of what is signed.
  if (basic.signatureAlgorithm.hash === 'sha1')
    return `it is signed with ${basic.signatureAlgorithm.name}, which can be forged by who asks`;
  const candidates = [issuer, ...basic.certs].filter((candidate) => isNamed(basic.responderID, candidate));
  if (candidates.length === 0)
    return `the responder it names, ${responderText(basic.responderID)}, is neither the issuer nor among its certificates`;
  const troubles: string[] = [];
  for (const candidate of candidates) {
    const { signatureAlgorithm, signature, tbsResponseData: signed } = basic;
    const result = verifySignature({ signatureAlgorithm, signature, signed }, candidate.publicKey);
    const trouble = result.ok ? delegationTrouble(candidate, issuer, context) : result.message;
    if (trouble === undefined) return undefined;
    troubles.push(trouble);
  }
  return troublesText(troubles);
}

/** Whether `candidate` may answer for `issuer`: it is the issuer itself, or was made by the same key for this purpose. */
function delegationTrouble(candidate: Certificate, issuer: Certificate, context: ResponderContext): string | undefined {
  const { subject, publicKey, keyUsage, notBefore, notAfter, unknownCriticalExtensions } = candidate;
  const { path, at, responderRevocation } = context;
  const who = `the responder ${shortText(subject)}`;
  if (candidate.fingerprint === issuer.fingerprint) return signTrouble(candidate, who);
  if (sameName(subject, issuer.subject) && sameOctets(publicKey.spki, issuer.publicKey.spki))
    return signTrouble(issuer, who);
  if (!sameName(candidate.issuer, issuer.subject) || !isSignedBy(candidate, issuer).ok)
    return `${who} was not certified by ${shortText(issuer.subject)}`;
  // anyExtendedKeyUsage does not do: RFC 6960 §4.2.2.2 wants the purpose named.
  if (candidate.extendedKeyUsage?.includes(KEY_PURPOSE.ocspSigning) !== true)
    return `${who} may not answer by its extended key usage (id-kp-OCSPSigning is missing)`;
  if (!(at.getTime() >= notBefore.getTime() && at.getTime() <= notAfter.getTime()))
    return `${who} is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()} only`;
  if (unknownCriticalExtensions.length > 0)
    return `${who} has the unknown critical extension ${unknownCriticalExtensions.join(', ')}`;
  if (keyUsage !== undefined && !keyUsage.flags.includes('digitalSignature'))
    return `${who} may not sign by its key usage (digitalSignature is missing)`;
  if (hasExtension(candidate, OCSP.nocheck)) return undefined;
  if (responderRevocation === undefined) return `${who} may itself be revoked (it has no id-pkix-ocsp-nocheck)`;
  const state = responderRevocation([candidate, ...path.slice(1)], at);
  return state.status === 'good' ? undefined : `${who} may itself be revoked: it ${state.message}`;
}

/** An authority signs answers with the key it signs certificates and lists with, so any of these usages will do. */
function signTrouble({ keyUsage }: Certificate, who: string): string | undefined {
  const flags = keyUsage?.flags;
  return flags === undefined || flags.some((flag) => MAY_ANSWER.has(flag))
    ? undefined
    : `${who} may not sign by its key usage`;
}

const MAY_ANSWER: ReadonlySet<string> = new Set(['digitalSignature', 'keyCertSign', 'cRLSign']);

function isNamed(id: ResponderId, candidate: Certificate): boolean {
  return id.form === 'byName' ? sameName(id.name, candidate.subject) : id.keyHash === keyHashOf(candidate);
}

const responderText = (id: ResponderId): string =>
  id.form === 'byName' ? shortText(id.name) : `the one with the key ${id.keyHash}`;
