import type { Certificate } from '../certificate/index.js';
import { EXTENSION } from '../certificate/extensions.js';
import { commonNameOf, formatDistinguishedName, sameName } from '../names/index.js';
import type { PathCheck, PathCheckName, PathContext } from './verdict.js';

/** One rule of path validation over a complete path. */
export type PathRule = (path: PathContext) => readonly PathCheck[];

/** A name for messages. */
export function shortName(certificate: Certificate): string {
  return `"${commonNameOf(certificate.subject) ?? formatDistinguishedName(certificate.subject)}"`;
}

const passed = (check: PathCheckName, certificate: Certificate, message: string): PathCheck => ({
  check,
  ok: true,
  message: `${shortName(certificate)} ${message}.`,
  certificate: certificate.fingerprint,
});

const failed = (check: PathCheckName, certificate: Certificate, message: string): PathCheck => ({
  ...passed(check, certificate, message),
  ok: false,
});

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

/** RFC 5280 §6.1.3 (a)(4) */
const nameChaining = withIssuer((certificate, issuer) =>
  sameName(certificate.issuer, issuer.subject)
    ? passed('name-chaining', certificate, `names ${shortName(issuer)} as its issuer`)
    : failed('name-chaining', certificate, `does not name ${shortName(issuer)} as its issuer`),
);

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

/** Name constraints are not evaluated, so a path that has them cannot be accepted (RFC 5280 §4.2.1.10). */
const nameConstraints = onAll((certificate) =>
  has(certificate, EXTENSION.nameConstraints)
    ? failed('name-constraints', certificate, 'has name constraints, which are not evaluated')
    : passed('name-constraints', certificate, 'has no name constraints'),
);

/** Nor are constraints on policies (RFC 5280 §4.2.1.11, §4.2.1.14). Mappings alone restrict nothing unless they are critical. */
const policyConstraints = onAll((certificate) => {
  const constrained =
    has(certificate, EXTENSION.policyConstraints) ||
    has(certificate, EXTENSION.inhibitAnyPolicy) ||
    certificate.extensions.some(({ oid, critical }) => oid === EXTENSION.policyMappings && critical);
  return constrained
    ? failed('policy-constraints', certificate, 'has constraints on policies, which are not evaluated')
    : passed('policy-constraints', certificate, 'has no constraints on policies');
});

const has = (certificate: Certificate, oid: string): boolean =>
  certificate.extensions.some((extension) => extension.oid === oid);

/** All rules in their order. Further ones (revocation, names, policies) join here and leave the list of what is not checked. */
export const PATH_RULES: readonly PathRule[] = [
  signature,
  validity,
  nameChaining,
  certificateAuthority,
  keyCertSign,
  pathLength,
  criticalExtensions,
  nameConstraints,
  policyConstraints,
];
