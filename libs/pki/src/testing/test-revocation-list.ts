import type { KeyObject } from 'node:crypto';
import { TAG } from '../asn1/element.js';
import { bitString, encodeElement, explicit, implicit, integer, sequence, time } from '../asn1/write.js';
import { EXTENSION } from '../certificate/extensions.js';
import { extension, authorityKeyIdentifierExtension } from '../issuing/extension-values.js';
import { keyIdentifierOf, signatureAlgorithmFor, type SigningHash, signStructure } from '../issuing/sign-structure.js';
import { encodeName, parseDistinguishedName } from '../names/index.js';
import { LIST_EXTENSION } from '../revocation/list-extensions.js';
import { reasonNumber } from '../revocation/reasons.js';
import { serialContent } from '../revocation/revoked-entries.js';
import type { RevocationReason } from '../validation/revocation-source.js';
import { generalName } from './path-extensions.js';
import type { TestAuthority } from './test-authority.js';

const DAY = 86_400_000;

/** The reasons that ReasonFlags can name, in the order of their bits. */
const FLAGS: readonly RevocationReason[] = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
];

/** An entry of a list to be made. */
export interface TestEntry {
  /** The form of `Certificate.serialNumber`. */
  readonly serialNumber: string;
  readonly reason?: RevocationReason;
  /** When it was revoked; the day before the authority's `now` when left out. */
  readonly at?: Date;
  readonly invalidityDate?: Date;
  /** The issuer of the certificate, as RFC 4514 text: only in indirect lists. */
  readonly issuer?: string;
  /** Further extensions as DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** A distribution point: GeneralNames as of `generalName`, such as `uri:http://crl.example.com/a.crl`. */
export interface TestDistributionPoint {
  readonly names?: readonly string[];
  readonly reasons?: readonly RevocationReason[];
  readonly cRLIssuer?: string;
}

/** What a test may want different from a sound complete list, which is an hour old and holds for a week. */
export interface TestListOptions {
  readonly revoked?: readonly (TestEntry | string)[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | 'none';
  /** CRL number, 1 when left out. */
  readonly number?: number | 'none';
  /** Makes the list a delta to the list of this number. */
  readonly baseNumber?: number;
  /** Issuing distribution point. */
  readonly scope?: TestDistributionPoint & {
    readonly onlyContains?: 'userCerts' | 'cACerts' | 'attributeCerts';
    readonly indirectCRL?: boolean;
  };
  readonly freshestCRL?: readonly TestDistributionPoint[];
  /** Name and key of another issuer than the authority. */
  readonly issuer?: string;
  readonly signedWith?: KeyObject;
  readonly hash?: SigningHash;
  /** Further extensions as DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** The DER of a list that the authority publishes: complete or delta, partitioned or indirect, sound or broken. */
export function testRevocationList(authority: TestAuthority, options: TestListOptions = {}): Uint8Array {
  const { certificate, privateKey, now } = authority;
  const { revoked = [], thisUpdate = new Date(now.getTime() - DAY / 24), hash = 'sha256', scope } = options;
  const { nextUpdate = new Date(thisUpdate.getTime() + 7 * DAY), number = 1 } = options;
  const signer = options.signedWith ?? privateKey;
  const issuer = options.issuer === undefined ? certificate.subjectDer : nameDer(options.issuer);
  const extensions = [
    authorityKeyIdentifierExtension(keyIdentifierOf(certificate.publicKey.spki)),
    ...(number === 'none' ? [] : [extension(LIST_EXTENSION.cRLNumber, false, integer(number))]),
    ...(options.baseNumber === undefined
      ? []
      : [extension(LIST_EXTENSION.deltaCRLIndicator, true, integer(options.baseNumber))]),
    ...(scope === undefined ? [] : [extension(LIST_EXTENSION.issuingDistributionPoint, true, scopeDer(scope))]),
    ...(options.freshestCRL === undefined
      ? []
      : [extension(LIST_EXTENSION.freshestCRL, false, sequence(...options.freshestCRL.map(pointDer)))]),
    ...(options.extensions ?? []),
  ];
  const entries = revoked.map((entry) =>
    entryDer(typeof entry === 'string' ? { serialNumber: entry } : entry, new Date(now.getTime() - DAY)),
  );
  const tbs = sequence(
    integer(1),
    signatureAlgorithmFor(signer, hash),
    issuer,
    time(thisUpdate),
    ...(nextUpdate === 'none' ? [] : [time(nextUpdate)]),
    ...(entries.length === 0 ? [] : [sequence(Buffer.concat(entries))]),
    explicit(0, sequence(...extensions)),
  );
  return signStructure(tbs, signer, hash);
}

/** CRLDistributionPoints, or the freshest CRL, for a certificate. */
export const distributionPointsExtension = (
  points: readonly TestDistributionPoint[],
  which: 'cRLDistributionPoints' | 'freshestCRL' = 'cRLDistributionPoints',
  critical = false,
): Uint8Array => extension(EXTENSION[which], critical, sequence(...points.map(pointDer)));

/** An extension of a list or an entry that nobody knows. */
export const unknownListExtension = (critical: boolean): Uint8Array =>
  extension('1.3.6.1.4.1.55555.2', critical, integer(1));

function entryDer(entry: TestEntry, at: Date): Uint8Array {
  const { reason, invalidityDate, issuer } = entry;
  const extensions = [
    ...(reason === undefined
      ? []
      : [extension('2.5.29.21', false, encodeElement(TAG.enumerated, Uint8Array.of(reasonNumber(reason))))]),
    ...(invalidityDate === undefined ? [] : [extension('2.5.29.24', false, generalizedTime(invalidityDate))]),
    ...(issuer === undefined ? [] : [extension('2.5.29.29', true, sequence(generalName(`dn:${issuer}`)))]),
    ...(entry.extensions ?? []),
  ];
  return sequence(
    encodeElement(TAG.integer, serialContent(entry.serialNumber)),
    time(entry.at ?? at),
    ...(extensions.length === 0 ? [] : [sequence(...extensions)]),
  );
}

function scopeDer(scope: NonNullable<TestListOptions['scope']>): Uint8Array {
  const yes = Uint8Array.of(0xff);
  const only = { userCerts: 1, cACerts: 2, attributeCerts: 5 };
  const mark = (which: keyof typeof only): Uint8Array[] =>
    scope.onlyContains === which ? [implicit(only[which], yes)] : [];
  return sequence(
    ...(scope.names === undefined ? [] : [explicit(0, explicit(0, ...scope.names.map(generalName)))]),
    ...mark('userCerts'),
    ...mark('cACerts'),
    ...(scope.reasons === undefined ? [] : [implicit(3, flagsContent(scope.reasons))]),
    ...(scope.indirectCRL === true ? [implicit(4, yes)] : []),
    ...mark('attributeCerts'),
  );
}

function pointDer({ names, reasons, cRLIssuer }: TestDistributionPoint): Uint8Array {
  return sequence(
    ...(names === undefined ? [] : [explicit(0, explicit(0, ...names.map(generalName)))]),
    ...(reasons === undefined ? [] : [implicit(1, flagsContent(reasons))]),
    ...(cRLIssuer === undefined ? [] : [explicit(2, generalName(`dn:${cRLIssuer}`))]),
  );
}

/** The content of the BIT STRING, zero bits at its end dropped (X.690 §11.2.2). */
function flagsContent(reasons: readonly RevocationReason[]): Uint8Array {
  const bits = FLAGS.map((flag) => (reasons.includes(flag) ? '1' : '0'))
    .join('')
    .replace(/0+$/, '');
  const unused = (8 - (bits.length % 8)) % 8;
  const padded = bits.padEnd(bits.length + unused, '0');
  const octets = padded.match(/.{8}/g)?.map((octet) => parseInt(octet, 2)) ?? [];
  return bitString(Uint8Array.from(octets), unused).subarray(2);
}

/** GeneralizedTime also for years that {@link time} writes shorter. */
export function generalizedTime(date: Date): Uint8Array {
  const digits = date
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return encodeElement(TAG.generalizedTime, Buffer.from(digits, 'latin1'));
}

const nameDer = (text: string): Uint8Array => encodeName(parseDistinguishedName(text));
