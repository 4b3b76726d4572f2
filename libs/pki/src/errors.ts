/** Every way in which this library refuses its input, with what the code tells a caller. Match on the code, never on the text. */
export const PKI_ERROR_CODES = {
  'asn1-malformed': 'octets that are not the ASN.1 (DER, or BER where allowed) that was expected',
  'too-large': 'input beyond a limit of size, depth or number',
  'trailing-octets': 'octets after the end of the object',
  'name-malformed': 'a distinguished name that does not parse',
  'certificate-malformed': 'a certificate whose fields do not follow RFC 5280',
  'crl-malformed': 'a revocation list whose fields do not follow RFC 5280',
  'ocsp-malformed': 'an OCSP response whose fields do not follow RFC 6960',
  'trust-list-malformed': 'a trust list that is not the XML of ETSI TS 102 231, or lacks what every list has',
  'trust-list-unsafe': 'XML with a DOCTYPE, an entity or a processing instruction, none of which a trust list needs',
  'trust-list-signature-form': 'a trust list without one enveloped signature over the whole of it',
  'trust-list-algorithm': 'a trust list signed or canonicalized with an algorithm that is not allowed',
  'trust-list-signer-unknown': 'a trust list signed by a certificate that is not pinned',
  'trust-list-signature-invalid': 'a trust list whose signature does not hold: altered, or signed by another key',
  'trust-list-update-malformed': 'an .upd text without a time that can be read',
  'no-certificate': 'nothing that could be a certificate',
  'several-certificates': 'more than one certificate where one is wanted',
  'private-key-not-certificate': 'a private key where a certificate is wanted',
  'public-key-not-certificate': 'a bare public key where a certificate is wanted',
  'request-not-certificate': 'a certification request where a certificate is wanted',
  'crl-not-certificate': 'a revocation list where a certificate is wanted',
  'pkcs12-not-certificate': 'a PKCS#12 file where a certificate is wanted',
  'key-usage-malformed': 'a key usage or key purpose that does not parse',
  'clid-malformed': 'certificate logical identification data with a broken line',
  'clid-too-long': 'identification data that cannot fit into 999 octets',
  'cms-malformed': 'a CMS object that cannot be read or is of another type than wanted',
  'challenge-invalid': 'a challenge that is not 20 octets',
  'challenge-undecipherable': 'an enveloped challenge that none of the keys opens; deliberately without detail',
  'recipient-unsuitable': 'a certificate whose key cannot be used for key transport',
  'signer-unsuitable':
    'a certificate that content cannot be signed with: not of the private key, or not for signatures',
  'sealing-key-invalid': 'a sealing key or box key of the wrong length or form',
  'sealed-malformed': 'a text that is not of a sealed form',
  'sealed-for-another-key': 'a sealed text made for another key',
  'sealed-not-authentic': 'a sealed text that was altered, or belongs to another purpose or owner',
  'key-malformed': 'a private key that cannot be read',
  'key-unsupported': 'a key of a type or size that is not supported',
  'password-required': 'an encrypted key or file without a password given',
  'password-wrong': 'an encrypted key or file that the given password does not open',
  'encryption-unsupported': 'a password-based encryption this library does not do',
  'work-limit': 'input that asks for more work than is granted, as a file with too much key derivation',
  'pkcs12-malformed': 'a PKCS#12 file that cannot be read',
  'pkcs12-no-key': 'a PKCS#12 file without a private key',
  'pkcs12-several-keys': 'a PKCS#12 file with several private keys',
  'pkcs12-no-certificate': 'a PKCS#12 file without a certificate for its private key',
  'issuing-invalid': 'a certificate or request that must not be made as asked',
} as const;

/** The machine reason of a {@link PkiError}. */
export type PkiErrorCode = keyof typeof PKI_ERROR_CODES;

/**
 * The one error of this library: a code for machines and a sentence for people that names the field, its value (never a
 * secret) and, where there is one, the remedy.
 */
export class PkiError extends Error {
  override readonly name = 'PkiError';

  constructor(
    readonly code: PkiErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Tells whether `error` is a {@link PkiError}, and of `code` where one is given; safe across realms and package copies. */
export function isPkiError(error: unknown, code?: PkiErrorCode): error is PkiError {
  return (
    typeof error === 'object' &&
    error !== null &&
    (error as { name?: unknown }).name === 'PkiError' &&
    (code === undefined || (error as { code?: unknown }).code === code)
  );
}

/**
 * Runs `read` and turns what the ASN.1 layer refuses into `code`, so that a caller sees one code per kind of object.
 * Limits and trailing octets keep their own codes.
 */
export function refusingAs<T>(code: PkiErrorCode, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isPkiError(error, 'asn1-malformed')) throw new PkiError(code, `${what}: ${error.message}`, { cause: error });
    throw error;
  }
}
