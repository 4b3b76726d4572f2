import type { Certificate } from '../certificate/index.js';
import type { GeneralName } from '../certificate/general-name.js';
import { revocationPointersOf } from './certificate-extensions.js';
import type { DistributionPoint } from './distribution-point.js';
import type { RevocationList } from './revocation-list.js';

/** Where to ask about a certificate: http and https alone, each address once, in the order of the certificate. */
export interface RevocationAddresses {
  /** Complete lists (RFC 5280 §4.2.1.13). */
  readonly cRLDistributionPoints: readonly string[];
  /** Deltas to them (RFC 5280 §4.2.1.15). */
  readonly freshestCRL: readonly string[];
  /** OCSP responders (RFC 6960 §3.1). */
  readonly ocsp: readonly string[];
  /** Certificates of the issuer (RFC 5280 §4.2.2.1). */
  readonly caIssuers: readonly string[];
}

const OCSP = '1.3.6.1.5.5.7.48.1';
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';

/** Addresses of one kind in one certificate; what is more is left out, as are addresses longer than browsers take. */
const MAXIMUM_ADDRESSES = 8;
const MAXIMUM_LENGTH = 2_048;

/**
 * Reads where lists, responders and issuers of a certificate are. Addresses that are not http or https, cannot be parsed or carry
 * a password are left out. They are a stranger's: whoever connects to them must look at where they lead.
 * @throws PkiError `asn1-malformed`, `trailing-octets`, `too-large`
 */
export function revocationAddressesOf(certificate: Certificate): RevocationAddresses {
  const { cRLDistributionPoints, freshestCRL, authorityInfoAccess } = revocationPointersOf(certificate);
  const described = (method: string): readonly string[] =>
    addresses(
      authorityInfoAccess.flatMap((description) => (description.method === method ? description.location : [])),
    );
  return {
    cRLDistributionPoints: pointAddresses(cRLDistributionPoints),
    freshestCRL: pointAddresses(freshestCRL),
    ocsp: described(OCSP),
    caIssuers: described(CA_ISSUERS),
  };
}

/** Where deltas to a list are, by the same rules. */
export const freshestAddressesOf = ({ freshestCRL }: Pick<RevocationList, 'freshestCRL'>): readonly string[] =>
  pointAddresses(freshestCRL);

const pointAddresses = (points: readonly DistributionPoint[]): readonly string[] =>
  addresses(points.flatMap(({ name }) => (name?.form === 'fullName' ? name.names : [])));

function addresses(names: readonly GeneralName[]): readonly string[] {
  const found = names.flatMap((name) => (name.form === 'uniformResourceIdentifier' ? (address(name.text) ?? []) : []));
  return [...new Set(found)].slice(0, MAXIMUM_ADDRESSES);
}

function address(text: string): string | undefined {
  if (text.length > MAXIMUM_LENGTH || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { href, username, password } = new URL(text);
  return username === '' && password === '' ? href : undefined;
}
