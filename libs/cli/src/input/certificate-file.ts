import type { Certificate } from '@certlane/pki';
import { pki } from '../pki.js';
import { invalid } from './invalid.js';
import { octetsFrom } from './read-file.js';

/** A certificate read from a file, ready for the bus. */
export interface CertificateFromFile {
  readonly certificate: Certificate;
  /** DER in base64. */
  readonly base64: string;
}

/** As much as libs/pki reads of a bag of certificates. */
const CERTIFICATES_LIMIT = 1 << 20;

const CERTIFICATE_REMEDY = 'give the certificate as its authority issued it, in PEM or DER';

/**
 * The certificates in a file: PEM, DER or certificates-only CMS.
 * @throws {CertlaneError} `invalid-argument` for a file that cannot be read, holds no certificate, or holds a private key
 */
export async function certificatesFrom(path: string, field: string, shown: string): Promise<CertificateFromFile[]> {
  const octets = await octetsFrom(path, field, shown, CERTIFICATES_LIMIT);
  const { isPkiError, readCertificates } = await pki();
  try {
    return readCertificates(octets).map((certificate) => ({
      certificate,
      base64: Buffer.from(certificate.der).toString('base64'),
    }));
  } catch (thrown) {
    if (isPkiError(thrown)) throw invalid(field, shown, withRemedy(asClause(thrown.message), CERTIFICATE_REMEDY));
    throw thrown;
  }
}

/**
 * The one certificate in a file.
 * @throws {CertlaneError} `invalid-argument` as {@link certificatesFrom}, and when there are several
 */
export async function oneCertificateFrom(path: string, field: string, shown: string): Promise<CertificateFromFile> {
  const [first, ...more] = await certificatesFrom(path, field, shown);
  if (first === undefined)
    throw invalid(field, shown, 'the file holds no certificate; a certificate in PEM or DER is wanted');
  if (more.length > 0) {
    throw invalid(
      field,
      shown,
      `the file holds ${more.length + 1} certificates where one is wanted; keep the one meant in a file of its own`,
    );
  }
  return first;
}

/** A problem with a remedy, unless it brings its own. */
export function withRemedy(problem: string, remedy: string): string {
  return problem.includes(';') ? problem : `${problem}; ${remedy}`;
}

/** A sentence as the second half of another one; names and abbreviations at its beginning stay as they are. */
export function asClause(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()).replace(/\.$/, '');
}
