import type { Certificate } from '../certificate/index.js';
import { sameName } from '../names/index.js';
import { failed, passed, shortName } from './check-results.js';
import type { PathCheck, PathContext } from './verdict.js';

/** One rule of path validation over a complete path. */
export type PathRule = (path: PathContext) => readonly PathCheck[];

/** Runs a rule on each certificate that has an issuer in the path. */
const withIssuer =
  (rule: (certificate: Certificate, issuer: Certificate, path: PathContext) => PathCheck): PathRule =>
  (path) =>
    path.certificates.flatMap((certificate, at) => {
      const issuer = path.certificates[at + 1];
      return issuer === undefined ? [] : [rule(certificate, issuer, path)];
    });

/** Runs a rule on each certificate that issued another in the path. */
const onAuthorities =
  (rule: (authority: Certificate, at: number, path: PathContext) => PathCheck): PathRule =>
  (path) =>
    path.certificates.slice(1).map((authority, at) => rule(authority, at + 1, path));

const onAll =
  (rule: (certificate: Certificate, path: PathContext) => PathCheck): PathRule =>
  (path) =>
    path.certificates.map((certificate) => rule(certificate, path));

/** RFC 5280 §6.1.3 (a)(1) */
const signature = withIssuer((certificate, issuer, { signatureOf }) => {
  const result = signatureOf(certificate, issuer);
  return result.ok
    ? passed('signature', certificate, `is signed by ${shortName(issuer)}`)
    : failed('signature', certificate, `is not proven to come from ${shortName(issuer)}: ${result.message}`);
});

/** RFC 5280 §6.1.3 (a)(2); on the anchor too, which the RFC leaves open: an issuer past its end is not relied on. */
const validity = onAll((certificate, { at }) => {
  const from = certificate.notBefore.toISOString();
  const to = certificate.notAfter.toISOString();
  if (!(at.getTime() >= certificate.notBefore.getTime()))
    return failed('validity', certificate, `is not valid before ${from}`);
  if (!(at.getTime() <= certificate.notAfter.getTime()))
    return failed('validity', certificate, `was valid until ${to}`);
  return passed('validity', certificate, `is valid from ${from} to ${to}`);
});

/** RFC 5280 §6.1.3 (a)(4); an empty name, which §4.1.2.4 forbids to issuers, chains nothing. */
const nameChaining = withIssuer((certificate, issuer) => {
  if (certificate.issuer.length === 0) return failed('name-chaining', certificate, 'names no issuer');
  return sameName(certificate.issuer, issuer.subject)
    ? passed('name-chaining', certificate, `names ${shortName(issuer)} as its issuer`)
    : failed('name-chaining', certificate, `does not name ${shortName(issuer)} as its issuer`);
});

/** RFC 5280 §6.1.4 (k); only an anchor may be of version 1, which knows no such mark. */
const certificateAuthority = onAuthorities((authority, at, { certificates }) => {
  if (authority.basicConstraints?.ca === true)
    return passed('certificate-authority', authority, 'is marked as an authority');
  if (authority.version === 1 && at === certificates.length - 1 && authority.selfIssued) {
    return passed('certificate-authority', authority, 'is an installed root of version 1');
  }
  return failed('certificate-authority', authority, 'is not marked as an authority, yet issued a certificate');
});

/** RFC 5280 §6.1.4 (n) */
const keyCertSign = onAuthorities((authority) =>
  authority.keyUsage === undefined || authority.keyUsage.flags.includes('keyCertSign')
    ? passed('key-cert-sign', authority, 'may sign certificates')
    : failed('key-cert-sign', authority, 'may not sign certificates by its key usage (keyCertSign is missing)'),
);

/** RFC 5280 §6.1.4 (l) and (m): self-issued authorities below are not counted. */
const pathLength = onAuthorities((authority, at, { certificates }) => {
  const limit = authority.basicConstraints?.pathLength;
  const below = certificates.slice(1, at).filter((certificate) => !certificate.selfIssued).length;
  if (limit === undefined) return passed('path-length', authority, 'sets no limit to the authorities below it');
  return below <= limit
    ? passed('path-length', authority, `allows ${limit} authorities below it, ${below} are there`)
    : failed('path-length', authority, `allows ${limit} authorities below it, but ${below} are there`);
});

/** RFC 5280 §6.1.4 (o) and §6.1.5 (f) */
const criticalExtensions = onAll((certificate) => {
  const unknown = certificate.unknownCriticalExtensions;
  return unknown.length === 0
    ? passed('critical-extensions', certificate, 'has no unknown critical extension')
    : failed('critical-extensions', certificate, `has the unknown critical extension ${unknown.join(', ')}`);
});

/**
 * RFC 5280 §6.1.3 (a)(1) to (4), §6.1.4 (k) to (o), §6.1.5 (f): the rules that need nothing but the path. What else it is held to
 * (names, policies, purposes, revocation) is asked only when these say that the path was signed as it stands.
 */
export const PATH_RULES: readonly PathRule[] = [
  signature,
  validity,
  nameChaining,
  certificateAuthority,
  keyCertSign,
  pathLength,
  criticalExtensions,
];
