/** What the tests of the acceptance decision are made of: certificates of a partner, verdicts of ca-store, and facts to vary. */
import {
  usualTrust,
  type IdentificationEntry,
  type Usage,
  type ValidationFailure,
  type ValidationVerdict,
} from '@certlane/contracts';
import { formatDistinguishedName, type Certificate } from '@certlane/pki';
import { testCa, testSelfSigned } from '@certlane/pki/testing';
import type { AcceptanceDecision } from '../domain/acceptance/decide.js';
import type { AcceptanceFacts, CertificateOnFile, TrustRules } from '../domain/acceptance/facts.js';

/** When the decisions of these tests are made. */
export const now = new Date('2026-03-01T00:00:00.000Z');
/** So many days after {@link now}. */
export const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
/** The partner's authority. */
export const ca = testCa({ name: 'Beta', now });
/** An authority that nobody here knows. */
export const stranger = testCa({ name: 'Stranger', now });

/** The partner's host. */
export const host = 'oftp.beta.example';
/** The partner's name. */
export const subject = `CN=${host},O=Beta,C=DE`;
/** A certificate of the partner. */
export const first = ca.issue({ host, subject, notBefore: days(-100), notAfter: days(100) }).certificate;
/** Its renewal: newer, of the same logical identity. */
export const renewed = ca.issue({ host, subject, notBefore: days(-1), notAfter: days(300) }).certificate;
/** One of the same logical identity that has expired. */
export const expired = ca.issue({ host, subject, notBefore: days(-300), notAfter: days(-1) }).certificate;
/** One that starts in ten days. */
export const upcoming = ca.issue({ host, subject, notBefore: days(10), notAfter: days(300) }).certificate;
/** One with another subject. */
export const renamed = ca.issue({ host: 'new.beta.example', subject: 'CN=new.beta.example,O=Beta,C=DE' }).certificate;
/** One of the same subject by {@link stranger}. */
export const foreign = stranger.issue({ host, subject }).certificate;
/** One with an RSA key of 1024 bits. */
export const weak = ca.issue({ host, subject, weak: 'rsa-1024' }).certificate;
/** One that is signed with SHA-1. */
export const sha1 = ca.issue({ host, subject, weak: 'sha1' }).certificate;
/** One that nobody but its owner signed. */
export const selfSigned = testSelfSigned(now, { host, subject }).certificate;

/** ca-store's verdict over a good certificate. */
export const trusted: ValidationVerdict = {
  trusted: true,
  message: 'trusted',
  path: ['0'.repeat(64)],
  anchor: { fingerprint: '0'.repeat(64), by: 'operator' },
  checks: [],
  revocation: { status: 'good', message: 'not revoked' },
  otherPaths: [],
  notChecked: [],
  standsOn: { version: 1, trustLists: [], revocationLists: [] },
};
/** A verdict against a certificate. */
export const distrusted = (reason: ValidationFailure, more: Partial<ValidationVerdict> = {}): ValidationVerdict => ({
  ...trusted,
  trusted: false,
  reason,
  message: `no: ${reason}`,
  ...more,
});
/** No path. */
export const unknownIssuer = distrusted('issuer-unknown', { path: [] });
/** A path that does not hold. */
export const broken = distrusted('path');
/** A path that ends at an authority of a trust list. */
export const listed: ValidationVerdict = {
  ...trusted,
  anchor: { fingerprint: '0'.repeat(64), by: 'trust-list', list: 'odette', level: 'oftp2' },
};
/** A revoked certificate. */
export const revoked = distrusted('revoked', { revocation: { status: 'revoked', message: 'revoked in May' } });
/** Nobody can tell whether it is revoked. */
export const nobodyKnows = { status: 'undetermined', message: 'no list can be read' } as const;
/** The verdict over that in mode `fail`. */
export const undetermined = distrusted('revocation-undetermined', { revocation: nobodyKnows });

/** An identification entry; its text is its id. */
export const entry = (
  text: string,
  issuer: Certificate,
  usages: Usage[],
  more: Partial<IdentificationEntry> = {},
): IdentificationEntry => ({
  id: text,
  subject: text,
  issuer: { fingerprint: issuer.fingerprint, subject: formatDistinguishedName(issuer.subject) },
  usages,
  createdAt: now.toISOString(),
  ...more,
});
/** A certificate on file. */
export const onFile = (
  certificate: Certificate,
  state: CertificateOnFile['state'] = 'current',
  usages: Usage[] = ['session-authentication'],
): CertificateOnFile => ({ certificate, usages, state });

const { acceptance, selfSigned: selfSignedRule, revocation, twoPerson, weakKeys } = usualTrust;
/** The settings of a partner that says nothing about them. */
export const rules: TrustRules = { acceptance, selfSigned: selfSignedRule, revocation, twoPerson, weakKeys };
/** An entry for {@link host}. */
export const byName = entry(`CN=${host}`, ca.authority.certificate, ['tls', 'session-authentication']);
/** {@link first} comes in a proven session and fits an entry: to vary. */
export const base: AcceptanceFacts = {
  acx: true,
  rules,
  originator: 'O0177BETA',
  subStation: false,
  foreign: false,
  kind: 'deliver',
  description: '',
  inBypass: false,
  proven: true,
  file: { ok: true, certificate: first },
  entries: [byName],
  onFile: [],
  verdict: trusted,
  approval: undefined,
  now,
};
/** Other settings. */
export const by = (more: Partial<TrustRules>): TrustRules => ({ ...rules, ...more });
/** It came through the bypass. */
export const bypass = { inBypass: true, proven: false };
/** Another certificate comes in. */
export const of = (certificate: Certificate, more: Partial<AcceptanceFacts> = {}): AcceptanceFacts => ({
  ...base,
  file: { ok: true, certificate },
  ...more,
});
/** {@link first} is on file, and no entry. */
export const known = (certificate: Certificate, more: Partial<AcceptanceFacts> = {}): AcceptanceFacts =>
  of(certificate, { entries: [], onFile: [onFile(first)], ...more });

/** A decision in a word or two. */
export function inShort(decision: AcceptanceDecision): string {
  if (decision.outcome === 'held') return `held: ${decision.kinds.join(', ')}`;
  return decision.outcome === 'accepted' ? 'accepted' : decision.reason;
}
