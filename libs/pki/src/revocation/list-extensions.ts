import { type Asn1Element, contextConstructed, contextPrimitive, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readDer } from '../asn1/read-der.js';
import { booleanOf, integerContent, oidOf, want } from '../asn1/values.js';
import { toHex } from '../octets.js';
import { readDistributionPointName, readDistributionPoints } from './distribution-point.js';
import { reasonFlagsOf } from './reasons.js';
import type { IssuingDistributionPoint, RevocationList } from './revocation-list.js';

/** Extensions of lists (RFC 5280 §5.2). */
export const LIST_EXTENSION = {
  issuerAltName: '2.5.29.18',
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  authorityKeyIdentifier: '2.5.29.35',
  freshestCRL: '2.5.29.46',
} as const;

const INTERPRETED: ReadonlySet<string> = new Set(Object.values(LIST_EXTENSION));
const LIMITS = { octets: 65_536, depth: 16, elements: 4096 };

/** What the extensions of a list say. */
export type ListExtensions = Pick<
  RevocationList,
  | 'number'
  | 'baseNumber'
  | 'authorityKeyIdentifier'
  | 'authorityKeyIdentifierDer'
  | 'issuingDistributionPoint'
  | 'freshestCRL'
  | 'unknownCriticalExtensions'
>;

/**
 * Reads crlExtensions.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function readListExtensions(element: Asn1Element | undefined): ListExtensions {
  const values = new Map<string, Uint8Array>();
  const unknownCriticalExtensions: string[] = [];
  for (const extension of element?.children ?? []) {
    const fields = Fields.of(extension, TAG.sequence, 'extension');
    const oid = oidOf(fields.required(TAG.oid, 'extnID'), 'extnID');
    const critical = fields.optional(TAG.boolean);
    const value = fields.required(TAG.octetString, 'extnValue').content;
    fields.end();
    if (values.has(oid)) throw malformed(`the extension ${oid} occurs twice`);
    values.set(oid, value);
    if (critical !== undefined && booleanOf(critical, 'critical') && !INTERPRETED.has(oid))
      unknownCriticalExtensions.push(oid);
  }
  const read = <T>(oid: string, reader: (value: Asn1Element) => T): T | undefined => {
    const value = values.get(oid);
    return value === undefined ? undefined : reader(readDer(value, LIMITS));
  };
  const number = read(LIST_EXTENSION.cRLNumber, (value) => numberOf(value, 'cRLNumber'));
  const baseNumber = read(LIST_EXTENSION.deltaCRLIndicator, (value) => numberOf(value, 'BaseCRLNumber'));
  if (baseNumber !== undefined && number === undefined) throw malformed('a delta has no cRLNumber');
  const authorityKey = values.get(LIST_EXTENSION.authorityKeyIdentifier);
  return {
    number,
    baseNumber,
    authorityKeyIdentifier: read(LIST_EXTENSION.authorityKeyIdentifier, keyIdentifierOf),
    authorityKeyIdentifierDer: authorityKey === undefined ? undefined : toHex(authorityKey),
    issuingDistributionPoint: read(LIST_EXTENSION.issuingDistributionPoint, readIssuingDistributionPoint),
    freshestCRL: read(LIST_EXTENSION.freshestCRL, (value) => readDistributionPoints(value, 'freshestCRL')) ?? [],
    unknownCriticalExtensions,
  };
}

/** RFC 5280 §5.2.3: not negative, 20 octets at most. */
function numberOf(element: Asn1Element, what: string): bigint {
  const content = integerContent(element, what);
  if ((content[0] ?? 0) >= 0x80 || content.length > 20) throw malformed(`${what} is negative or longer than 20 octets`);
  return BigInt(`0x${toHex(content)}`);
}

function keyIdentifierOf(element: Asn1Element): string | undefined {
  const [identifier] = want(element, TAG.sequence, 'authorityKeyIdentifier').children;
  return identifier?.tag === contextPrimitive(0) ? toHex(identifier.content) : undefined;
}

function readIssuingDistributionPoint(element: Asn1Element): IssuingDistributionPoint {
  const fields = Fields.of(element, TAG.sequence, 'issuingDistributionPoint');
  const name = fields.optional(contextConstructed(0));
  const userCerts = flag(fields.optional(contextPrimitive(1)));
  const cACerts = flag(fields.optional(contextPrimitive(2)));
  const reasons = fields.optional(contextPrimitive(3));
  const indirectCRL = flag(fields.optional(contextPrimitive(4)));
  const attributeCerts = flag(fields.optional(contextPrimitive(5)));
  fields.end();
  if (element.children.length === 0) throw malformed('issuingDistributionPoint is empty');
  if (Number(userCerts) + Number(cACerts) + Number(attributeCerts) > 1) {
    throw malformed(
      'issuingDistributionPoint has more than one of onlyContainsUserCerts, -CACerts and -AttributeCerts',
    );
  }
  return {
    der: toHex(element.octets),
    distributionPoint: name === undefined ? undefined : readDistributionPointName(name),
    onlyContains: userCerts ? 'userCerts' : cACerts ? 'cACerts' : attributeCerts ? 'attributeCerts' : undefined,
    onlySomeReasons: reasons === undefined ? undefined : reasonFlagsOf(reasons, 'onlySomeReasons'),
    indirectCRL,
  };
}

/** BOOLEAN behind an implicit tag: 00 or FF. */
function flag(element: Asn1Element | undefined): boolean {
  if (element === undefined) return false;
  const { content } = element;
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff))
    throw malformed('a flag of issuingDistributionPoint is neither 00 nor FF');
  return content[0] === 0xff;
}
