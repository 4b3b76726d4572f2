import { type Asn1Element, contextConstructed, contextPrimitive, malformed, TAG, tagName } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { want } from '../asn1/values.js';
import { encodeElement, sequence } from '../asn1/write.js';
import { type GeneralName, readGeneralName } from '../certificate/general-name.js';
import { readDer } from '../asn1/read-der.js';
import type { DistinguishedName, RelativeDistinguishedName } from '../names/index.js';
import { readName } from '../names/name-der.js';
import { generalNameKey } from './general-name-key.js';
import { reasonFlagsOf, type ReasonMask } from './reasons.js';

/** DistributionPointName (RFC 5280 §4.2.1.13): names, or what has to be added to the name of the list's issuer. */
export type DistributionPointName =
  | { readonly form: 'fullName'; readonly names: readonly GeneralName[] }
  | { readonly form: 'nameRelativeToCRLIssuer'; readonly rdn: RelativeDistinguishedName };

/** A DistributionPoint: where lists about a certificate come from (RFC 5280 §4.2.1.13). */
export interface DistributionPoint {
  readonly name: DistributionPointName | undefined;
  /** Reasons the list covers; undefined: all. */
  readonly reasons: ReasonMask | undefined;
  /** Directory names of who signs the list; undefined: whoever issued the certificate. */
  readonly cRLIssuer: readonly DistinguishedName[] | undefined;
}

/** Distribution points in one extension, and names in one point: those in use have one or two. */
const MAXIMUM_POINTS = 32;
const MAXIMUM_NAMES = 32;

const RDN_LIMITS = { octets: 65_536, depth: 8, elements: 1024 };

/**
 * Reads CRLDistributionPoints, which is also the syntax of the freshest CRL (RFC 5280 §4.2.1.15).
 * @throws PkiError `asn1-malformed`
 */
export function readDistributionPoints(element: Asn1Element, what: string): readonly DistributionPoint[] {
  const { children } = want(element, TAG.sequence, what);
  if (children.length === 0) throw malformed(`${what} is empty`);
  if (children.length > MAXIMUM_POINTS) throw malformed(`${what} has more than ${MAXIMUM_POINTS} distribution points`);
  return children.map((point) => {
    const fields = Fields.of(point, TAG.sequence, 'distributionPoint');
    const name = fields.optional(contextConstructed(0));
    const reasons = fields.optional(contextPrimitive(1));
    const issuer = fields.optional(contextConstructed(2));
    fields.end();
    if (name === undefined && issuer === undefined)
      throw malformed(`a point of ${what} has neither name nor cRLIssuer`);
    return {
      name: name === undefined ? undefined : readDistributionPointName(name),
      reasons: reasons === undefined ? undefined : reasonFlagsOf(reasons, 'reasons'),
      cRLIssuer: issuer === undefined ? undefined : directoryNames(readGeneralNames(issuer, 'cRLIssuer'), 'cRLIssuer'),
    };
  });
}

/**
 * Reads a DistributionPointName; `element` is the tag around the choice.
 * @throws PkiError `asn1-malformed`
 */
export function readDistributionPointName(element: Asn1Element): DistributionPointName {
  const [choice, more] = element.children;
  if (choice === undefined || more !== undefined) throw malformed('a distribution point name is not one choice');
  if (choice.tag === contextConstructed(0)) {
    return { form: 'fullName', names: readGeneralNames(choice, 'fullName') };
  }
  if (choice.tag !== contextConstructed(1)) {
    throw malformed(`a distribution point name is ${tagName(choice.tag)}, not fullName or nameRelativeToCRLIssuer`);
  }
  const one = sequence(encodeElement(TAG.set, choice.content));
  const [rdn] = readName(readDer(one, RDN_LIMITS), 'nameRelativeToCRLIssuer');
  if (rdn === undefined) throw malformed('nameRelativeToCRLIssuer is empty');
  return { form: 'nameRelativeToCRLIssuer', rdn };
}

/**
 * GeneralNames, whatever tag is around them.
 * @throws PkiError `asn1-malformed`
 */
export function readGeneralNames(element: Asn1Element, what: string): readonly GeneralName[] {
  if (element.children.length === 0) throw malformed(`${what} is empty`);
  if (element.children.length > MAXIMUM_NAMES) throw malformed(`${what} has more than ${MAXIMUM_NAMES} names`);
  return element.children.map((name) => readGeneralName(name, `a name of ${what}`));
}

/**
 * The directory names among `names`; RFC 5280 §4.2.1.13 and §5.3.3 ask for at least one, being names of issuers.
 * @throws PkiError `asn1-malformed`
 */
export function directoryNames(names: readonly GeneralName[], what: string): readonly DistinguishedName[] {
  const found = names.flatMap((name) => (name.form === 'directoryName' ? [name.name] : []));
  if (found.length === 0) throw malformed(`${what} has no directory name`);
  return found;
}

/**
 * Keys of the names a distribution point goes by, as `generalNameKey` makes them. A relative name stands below the one issuer;
 * with several issuers it means nothing (RFC 5280 §4.2.1.13).
 */
export function distributionPointKeys(
  name: DistributionPointName,
  issuers: readonly DistinguishedName[],
): ReadonlySet<string> {
  const names: readonly GeneralName[] =
    name.form === 'fullName'
      ? name.names
      : issuers.length === 1
        ? issuers.map((issuer) => ({ form: 'directoryName', name: [...issuer, name.rdn] }))
        : [];
  return new Set(names.flatMap((one) => generalNameKey(one) ?? []));
}
