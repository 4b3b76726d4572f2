import { malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, want } from '../asn1/values.js';
import type { Certificate } from '../certificate/index.js';
import { EXTENSION, extensionElement } from '../certificate/extensions.js';
import { type GeneralName, readGeneralName } from '../certificate/general-name.js';
import { type DistributionPoint, readDistributionPoints, readGeneralNames } from './distribution-point.js';

/** What a certificate says about where its revocation is to be learned (RFC 5280 §4.2.1.7, §4.2.1.13, §4.2.1.15 and §4.2.2.1). */
export interface RevocationPointers {
  readonly cRLDistributionPoints: readonly DistributionPoint[];
  readonly freshestCRL: readonly DistributionPoint[];
  /** Names of the issuer beside its subject name. */
  readonly issuerAltNames: readonly GeneralName[];
  readonly authorityInfoAccess: readonly AccessDescription[];
}

/** An AccessDescription (RFC 5280 §4.2.2.1). */
export interface AccessDescription {
  /** Dotted. */
  readonly method: string;
  readonly location: GeneralName;
}

const MAXIMUM_DESCRIPTIONS = 32;

const read = new WeakMap<Certificate, RevocationPointers>();

/**
 * Reads the extensions about revocation, once per certificate.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function revocationPointersOf(certificate: Certificate): RevocationPointers {
  const known = read.get(certificate);
  if (known !== undefined) return known;
  const points = (oid: string, what: string): readonly DistributionPoint[] => {
    const element = extensionElement(certificate, oid);
    return element === undefined ? [] : readDistributionPoints(element, what);
  };
  const names = extensionElement(certificate, EXTENSION.issuerAltName);
  const pointers: RevocationPointers = {
    cRLDistributionPoints: points(EXTENSION.cRLDistributionPoints, 'cRLDistributionPoints'),
    freshestCRL: points(EXTENSION.freshestCRL, 'freshestCRL'),
    issuerAltNames:
      names === undefined ? [] : readGeneralNames(want(names, TAG.sequence, 'issuerAltName'), 'issuerAltName'),
    authorityInfoAccess: readAuthorityInfoAccess(certificate),
  };
  read.set(certificate, pointers);
  return pointers;
}

function readAuthorityInfoAccess(certificate: Certificate): readonly AccessDescription[] {
  const element = extensionElement(certificate, EXTENSION.authorityInfoAccess);
  if (element === undefined) return [];
  const { children } = want(element, TAG.sequence, 'authorityInfoAccess');
  if (children.length > MAXIMUM_DESCRIPTIONS)
    throw malformed(`authorityInfoAccess has more than ${MAXIMUM_DESCRIPTIONS} descriptions`);
  return children.map((description) => {
    const fields = Fields.of(description, TAG.sequence, 'accessDescription');
    const method = oidOf(fields.required(TAG.oid, 'accessMethod'), 'accessMethod');
    const location = readGeneralName(fields.any('accessLocation'), 'accessLocation');
    fields.end();
    return { method, location };
  });
}

/** Whether a certificate has an extension, whatever is in it. */
export const hasExtension = ({ extensions }: Certificate, oid: string): boolean =>
  extensions.some((extension) => extension.oid === oid);
