import { stat } from 'node:fs/promises';
import { oneCertificateFrom } from './certificate-file.js';

/**
 * A certificate as a person names it: the beginning of its fingerprint, or a file that holds it.
 * @param path what the name would be as a file, absolute
 * @returns the beginning of a fingerprint, or the name itself when it is neither
 * @throws {CertlaneError} `invalid-argument` for a file that does not hold one certificate
 */
export async function certificateName(name: string, path: string, field: string): Promise<string> {
  if (/^[0-9a-f]+$/i.test(name)) return name;
  const isFile = await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
  return isFile ? (await oneCertificateFrom(path, field, name)).certificate.fingerprint : name;
}
