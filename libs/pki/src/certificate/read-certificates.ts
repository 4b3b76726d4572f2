import { type Asn1Element, type Asn1Limits, TAG } from '../asn1/element.js';
import { isPem, type PemBlock, readPem } from '../asn1/pem.js';
import { readBer } from '../asn1/read-ber.js';
import { isPkiError, PkiError, type PkiErrorCode, refusingAs } from '../errors.js';
import type { Certificate } from './certificate.js';
import { readCertificateBag } from './certificate-bag.js';
import { kindOfObject, type ObjectKind } from './kind-of-object.js';
import { readCertificate } from './read-certificate.js';

/** Bounds for a file with certificates. */
export const CERTIFICATE_FILE_LIMITS = { octets: 1_048_576, certificates: 64 } as const;

const ASN1_LIMITS: Asn1Limits = { octets: CERTIFICATE_FILE_LIMITS.octets, depth: 24, elements: 65_536 };

type WrongKind = Exclude<ObjectKind, 'certificate' | 'cms'>;

/** What to tell a person who gave something else. */
const WRONG_KIND: Readonly<Record<WrongKind, readonly [code: PkiErrorCode, what: string]>> = {
  'private-key': ['private-key-not-certificate', 'a private key, which must never be given away; give the certificate'],
  'encrypted-private-key': [
    'private-key-not-certificate',
    'an encrypted private key, which must never be given away; give the certificate',
  ],
  'public-key': ['public-key-not-certificate', 'a bare public key; give the certificate that holds it'],
  'certification-request': [
    'request-not-certificate',
    'a certification request; give the certificate the authority issued',
  ],
  'revocation-list': ['crl-not-certificate', 'a certificate revocation list; give a certificate'],
  pkcs12: ['pkcs12-not-certificate', 'a PKCS#12 file with a private key; give the certificate alone (DER or PEM)'],
  unknown: ['no-certificate', 'no certificate (DER, PEM or certificates-only CMS)'],
};

/** Kinds of PEM blocks by label; the other labels are told by their content. */
const KIND_BY_LABEL: readonly (readonly [pattern: RegExp, kind: WrongKind])[] = [
  [/PRIVATE KEY$/, 'private-key'],
  [/CERTIFICATE REQUEST$/, 'certification-request'],
  [/CRL$/, 'revocation-list'],
  [/PUBLIC KEY$/, 'public-key'],
];

/**
 * Reads the certificates of a file: one in DER, any number in PEM, or a certificates-only CMS SignedData (DER, BER or PEM).
 * The same certificate twice counts once; the order is that of the file.
 * @throws PkiError saying what the file is instead: `no-certificate`, `private-key-not-certificate`,
 * `request-not-certificate`, `crl-not-certificate`, `pkcs12-not-certificate`, `public-key-not-certificate`,
 * `cms-malformed`, `certificate-malformed`, `trailing-octets`, `too-large`
 */
export function readCertificates(octets: Uint8Array): Certificate[] {
  if (octets.length === 0) throw new PkiError('no-certificate', 'The file is empty; a certificate is wanted.');
  if (octets.length > CERTIFICATE_FILE_LIMITS.octets) {
    throw new PkiError(
      'too-large',
      `The file has ${octets.length} octets; certificates are read up to ${CERTIFICATE_FILE_LIMITS.octets}.`,
    );
  }
  const found = isPem(octets) ? readPemCertificates(octets) : readBinary(octets);
  const certificates = [...new Map(found.map((certificate) => [certificate.fingerprint, certificate])).values()];
  if (certificates.length > CERTIFICATE_FILE_LIMITS.certificates) {
    throw new PkiError('too-large', `The file holds ${certificates.length} certificates; at most 64 are read.`);
  }
  return certificates;
}

/**
 * Reads a file that must hold exactly one certificate, in any of the forms of {@link readCertificates}.
 * @throws PkiError as there, and `several-certificates`
 */
export function readOneCertificate(octets: Uint8Array): Certificate {
  const [certificate, ...more] = readCertificates(octets);
  if (certificate === undefined) throw wrongKind('unknown');
  if (more.length > 0) {
    throw new PkiError('several-certificates', `The file holds ${more.length + 1} certificates where one is wanted.`);
  }
  return certificate;
}

function readPemCertificates(octets: Uint8Array): Certificate[] {
  const blocks = refusingAs('no-certificate', 'The PEM text cannot be read', () => readPem(octets));
  return blocks.flatMap((block) => readBlock(block));
}

function readBlock({ label, octets }: PemBlock): Certificate[] {
  const kind = KIND_BY_LABEL.find(([pattern]) => pattern.test(label))?.[1];
  if (kind !== undefined) throw wrongKind(kind);
  if (label === 'TRUSTED CERTIFICATE') {
    throw new PkiError(
      'no-certificate',
      'The file is a certificate with settings of OpenSSL (TRUSTED CERTIFICATE); write it with "openssl x509" first.',
    );
  }
  return readBinary(octets);
}

function readBinary(octets: Uint8Array): Certificate[] {
  const element = readAny(octets);
  const kind = kindOfObject(element);
  if (kind === 'certificate') return [readCertificate(octets)];
  if (kind === 'cms') return readCertificateBag(element, CERTIFICATE_FILE_LIMITS.certificates);
  throw wrongKind(kind);
}

function readAny(octets: Uint8Array): Asn1Element {
  try {
    return readBer(octets, ASN1_LIMITS);
  } catch (error) {
    const asn1 = octets[0] === TAG.sequence;
    if (!isPkiError(error) || (asn1 && error.code !== 'asn1-malformed')) throw error;
    throw new PkiError(
      asn1 ? 'certificate-malformed' : 'no-certificate',
      `The file is ${WRONG_KIND.unknown[1]}: ${error.message}.`,
      { cause: error },
    );
  }
}

function wrongKind(kind: WrongKind): PkiError {
  const [code, what] = WRONG_KIND[kind];
  return new PkiError(code, `The file is ${what}.`);
}
