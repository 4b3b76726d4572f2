import {
  continues,
  formatDistinguishedName,
  IssuerIndex,
  issuersAbove,
  nameKey,
  sameName,
  validatePath,
  verifySignature,
  type Certificate,
  type RevocationList,
} from '@certlane/pki';
import type { TrustView } from '../../ports/trust-state.js';

/** Why a revocation list does not take the place of the one in use. */
export type ListRefusal =
  | 'critical-extension'
  | 'issuer-unexpected'
  | 'signer-unknown'
  | 'signature-invalid'
  | 'signer-not-trusted'
  | 'of-the-future'
  | 'older'
  | 'scope-narrower'
  | 'base-missing';

/** Certificates by which the signature of a list is verified. */
export interface KnownSigners {
  /** Authorities that are trusted: paths end at them. */
  readonly anchors: IssuerIndex;
  /** These, those installed to verify lists, and those above listed authorities. */
  readonly known: IssuerIndex;
  /** Authorities in the middle of paths: believed only with a path to an anchor. */
  readonly between: IssuerIndex;
}

/** Whoever may have signed lists of a state. */
export function signersOf({
  anchors,
  known,
  revocationLists,
  answers,
}: Pick<TrustView, 'anchors' | 'known' | 'revocationLists' | 'answers'>): KnownSigners {
  const between = new IssuerIndex();
  for (const { issuers = [] } of revocationLists.values()) for (const issuer of issuers) between.add(issuer);
  for (const { issuer } of answers.values()) between.add(issuer);
  return { anchors, known, between };
}

/** A list that could be used from now on, and what it is held against. */
export interface OfferedList {
  readonly list: RevocationList;
  /** Names of the issuers (as of `nameKey`) whose list is expected there; undefined: of whomever we know. */
  readonly expected: ReadonlySet<string> | undefined;
  /** The list in use, and whether it still makes certificates good. */
  readonly inUse: { readonly list: RevocationList; readonly counts: boolean } | undefined;
  /** Complete lists in use of the same issuer, among which a delta needs its base. */
  readonly bases: readonly RevocationList[];
  readonly signers: KnownSigners;
  readonly now: Date;
}

/** Whether a list is taken; `unchanged`: it is the one in use. */
export type ListDecision =
  | { readonly taken: true; readonly unchanged: boolean }
  | { readonly taken: false; readonly reason: ListRefusal; readonly message: string };

type Check = (offered: OfferedList) => readonly [reason: ListRefusal, message: string] | undefined;

/** How far the clock of a publisher may be ahead of ours. */
const CLOCK_SKEW = 5 * 60_000;
/** Certificates of one name that are tried as signer. */
const MOST_CANDIDATES = 16;
const SHOWN = 200;

/** RFC 5280 §5.2, §5.3 */
const unknownExtension: Check = ({ list: { unknownCriticalExtensions: unknown } }) =>
  unknown.length === 0
    ? undefined
    : ['critical-extension', `it has the unknown critical extension ${unknown.join(', ')}`];

/**
 * A server, or whoever stands between, could put the authentic list of another authority in the place of the right one. An indirect
 * list comes from another issuer by its nature; it then has to stay with that one.
 */
const otherIssuer: Check = ({ list, expected, inUse }) => {
  if (inUse?.counts === true && !sameName(inUse.list.issuer, list.issuer)) {
    return ['issuer-unexpected', `it is a list of ${nameOf(list)}, the list in use is one of ${nameOf(inUse.list)}`];
  }
  const indirect = list.issuingDistributionPoint?.indirectCRL === true;
  return expected === undefined || indirect || expected.has(nameKey(list.issuer))
    ? undefined
    : ['issuer-unexpected', `it is a list of ${nameOf(list)}, who issued no certificate that names this address`];
};

const future: Check = ({ list: { thisUpdate }, now }) =>
  thisUpdate.getTime() <= now.getTime() + CLOCK_SKEW
    ? undefined
    : ['of-the-future', `it was issued at ${thisUpdate.toISOString()}, which is in the future`];

/** RFC 5280 §5.2.3; an authority whose numbers began anew is believed again once its former list no longer counts. */
const older: Check = ({ list, inUse }) => {
  if (inUse === undefined || !sameName(inUse.list.issuer, list.issuer)) return undefined;
  const { thisUpdate, number } = inUse.list;
  if (list.thisUpdate < thisUpdate) {
    const of = `(${thisUpdate.toISOString()})`;
    return ['older', `it was issued at ${list.thisUpdate.toISOString()}, before the list in use ${of}`];
  }
  return inUse.counts && list.number !== undefined && number !== undefined && list.number < number
    ? ['older', `its number is ${list.number}, lower than ${number} of the list in use`]
    : undefined;
};

/**
 * An authentic list of the same issuer that tells of less must not displace one: the delta in the place of its complete list, or the list
 * of other certificates or reasons (RFC 5280 §5.2.4, §5.2.5). What is known to be revoked would be forgotten. An authority that divides
 * its lists anew is believed once the former one no longer counts.
 */
const narrower: Check = ({ list, inUse }) => {
  if (inUse?.counts !== true) return undefined;
  const { issuingDistributionPoint: scope, baseNumber } = list;
  if (baseNumber !== undefined && inUse.list.baseNumber === undefined)
    return ['scope-narrower', 'it is a delta, the list in use is a complete one'];
  return scope === undefined || scope.der === inUse.list.issuingDistributionPoint?.der
    ? undefined
    : ['scope-narrower', 'it tells of other certificates or reasons than the list in use'];
};

/** RFC 5280 §5.2.4; a base that has overtaken its delta is one all the same. */
const withoutBase: Check = ({ list, bases }) => {
  const { baseNumber, number } = list;
  if (baseNumber === undefined) return undefined;
  const isBase = (base: RevocationList): boolean =>
    continues(list, base) || (number !== undefined && base.number !== undefined && base.number >= number);
  return bases.some(isBase)
    ? undefined
    : ['base-missing', `it says only what changed since list ${baseNumber}, and no list that it continues is in use`];
};

/** RFC 5280 §6.3.3 (f), (g) */
const unproven: Check = ({ list, signers, now }) => {
  const named = [
    ...signers.known.named(list.issuer),
    ...signers.between.named(list.issuer).filter((one) => !signers.known.has(one)),
  ];
  const able = named.filter(({ keyUsage }) => keyUsage === undefined || keyUsage.flags.includes('cRLSign'));
  if (named.length === 0) {
    const remedy = 'certlane issuer add FILE --purpose verification-only installs one';
    return ['signer-unknown', `no certificate of its issuer ${nameOf(list)} is known; ${remedy}`];
  }
  if (able.length === 0) {
    return ['signer-unknown', `its issuer ${nameOf(list)} may not sign lists by its key usage (cRLSign is missing)`];
  }
  const { signatureAlgorithm, signature, tbsCertList: signed } = list;
  const tried = able
    .toSorted((a, b) => Number(isKeyOf(b, list)) - Number(isKeyOf(a, list)))
    .slice(0, MOST_CANDIDATES)
    .map((certificate) => ({
      certificate,
      result: verifySignature({ signatureAlgorithm, signature, signed }, certificate.publicKey),
    }));
  const signatories = tried.filter(({ result }) => result.ok).map(({ certificate }) => certificate);
  if (signatories.length === 0) {
    const why = tried.flatMap(({ result }) => (result.ok ? [] : [result.message]))[0] ?? 'no key fits';
    return ['signature-invalid', `it is not signed by its issuer ${nameOf(list)}: ${why}`];
  }
  return signatories.some((certificate) => isTrusted(certificate, signers, now))
    ? undefined
    : ['signer-not-trusted', `its issuer ${nameOf(list)} has no path to an authority we trust`];
};

/** In this order; the first that refuses is told. The signature comes last, since it takes longest. */
const CHECKS: readonly Check[] = [unknownExtension, otherIssuer, future, older, narrower, withoutBase, unproven];

/**
 * Whether a list takes the place of the one in use. A refused one changes nothing. One that is out of date is taken where nothing
 * newer is known: what it says of revoked certificates remains true.
 */
export function admitList(offered: OfferedList): ListDecision {
  if (offered.inUse?.list.fingerprint === offered.list.fingerprint) return { taken: true, unchanged: true };
  for (const check of CHECKS) {
    const refused = check(offered);
    if (refused !== undefined) return { taken: false, reason: refused[0], message: refused[1] };
  }
  return { taken: true, unchanged: false };
}

function isTrusted(certificate: Certificate, { anchors, known, between }: KnownSigners, at: Date): boolean {
  if (known.has(certificate)) return true;
  return validatePath({ certificate, intermediates: issuersAbove(certificate, known, between), anchors, at }).trusted;
}

const isKeyOf = ({ subjectKeyIdentifier }: Certificate, { authorityKeyIdentifier }: RevocationList): boolean =>
  subjectKeyIdentifier !== undefined && subjectKeyIdentifier === authorityKeyIdentifier;

const nameOf = ({ issuer }: RevocationList): string => `"${formatDistinguishedName(issuer).slice(0, SHOWN)}"`;
