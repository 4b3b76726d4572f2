import { PkiError } from '../errors.js';

/** What a list may be signed with; `weak` ones only where the operator allows it, as old lists are signed over SHA-1. */
interface Algorithm {
  readonly uri: string;
  readonly weak: boolean;
}

const sound = (uri: string): Algorithm => ({ uri, weak: false });
const weak = (uri: string): Algorithm => ({ uri, weak: true });

/** RFC 9231 §2.3. A hash with a key (HMAC) is none: it would make the public key of the signer a shared secret. */
export const SIGNATURE_METHODS = [
  sound('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'),
  sound('http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'),
  sound('http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'),
  weak('http://www.w3.org/2000/09/xmldsig#rsa-sha1'),
] as const;

/** Digests of references. */
export const DIGEST_METHODS = [
  sound('http://www.w3.org/2001/04/xmlenc#sha256'),
  sound('http://www.w3.org/2001/04/xmlenc#sha512'),
  weak('http://www.w3.org/2000/09/xmldsig#sha1'),
] as const;

/** Canonical XML 1.0, inclusive and exclusive, without comments. */
export const CANONICALIZATIONS = [
  sound('http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
  sound('http://www.w3.org/2001/10/xml-exc-c14n#'),
] as const;

/** The transform that leaves the signature itself away. */
export const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

/** Whether SHA-1, and a signer's RSA key below 2048 bits, are accepted. */
export type WeakAlgorithms = 'refuse' | 'allow';

/**
 * Refuses an algorithm that is not in the table, or that is weak and not allowed.
 * @param what where it stands, e.g. `SignatureMethod`
 * @throws PkiError `trust-list-algorithm`
 */
export function requireAlgorithm(
  table: readonly Algorithm[],
  uri: string | undefined,
  what: string,
  weakAlgorithms: WeakAlgorithms,
): string {
  const algorithm = table.find((row) => row.uri === uri);
  if (algorithm === undefined) {
    const named = uri === undefined ? 'none' : JSON.stringify(uri.slice(0, 100));
    throw new PkiError(
      'trust-list-algorithm',
      `The signature of the trust list has the ${what} ${named}; allowed are ${table.map((row) => row.uri).join(', ')}.`,
    );
  }
  if (algorithm.weak && weakAlgorithms === 'refuse') {
    throw new PkiError(
      'trust-list-algorithm',
      `The signature of the trust list has the weak ${what} ${algorithm.uri}, which has not been allowed for this list.`,
    );
  }
  return algorithm.uri;
}
