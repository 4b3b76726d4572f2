import { readFile } from 'node:fs/promises';
import type { Certificate } from '@certlane/pki';
import { pki } from '../pki.js';
import { invalid } from './invalid.js';
import { fileProblem } from './password.js';

/** A certificate read from a file, ready for the bus. */
export interface CertificateFromFile {
  readonly certificate: Certificate;
  /** DER in base64. */
  readonly base64: string;
}

/**
 * The octets of a file that a person named.
 * @param path absolute; `shown` is what the person wrote
 * @throws {CertlaneError} `invalid-argument` when it cannot be read
 */
export async function octetsFrom(path: string, field: string, shown: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (thrown) {
    throw invalid(field, shown, `${fileProblem(thrown)}; name a file that exists and may be read`);
  }
}

/**
 * The certificates in a file: PEM, DER or certificates-only CMS.
 * @throws {CertlaneError} `invalid-argument` for a file that cannot be read, holds no certificate, or holds a private key
 */
export async function certificatesFrom(path: string, field: string, shown: string): Promise<CertificateFromFile[]> {
  const octets = await octetsFrom(path, field, shown);
  const { isPkiError, readCertificates } = await pki();
  try {
    return readCertificates(octets).map((certificate) => ({
      certificate,
      base64: Buffer.from(certificate.der).toString('base64'),
    }));
  } catch (thrown) {
    if (isPkiError(thrown)) throw invalid(field, shown, asClause(thrown.message));
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

/** A sentence as the second half of another one; names and abbreviations at its beginning stay as they are. */
export function asClause(sentence: string): string {
  return sentence.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase()).replace(/\.$/, '');
}
