import { stat } from 'node:fs/promises';
import { oneCertificateFrom } from './certificate-file.js';
import { invalid } from './invalid.js';

/**
 * A certificate as a person names it: the beginning of its fingerprint, or a file that holds it.
 * @param path what the name would be as a file, absolute
 * @returns the beginning of a fingerprint
 * @throws {CertlaneError} `invalid-argument` for a name that is neither, and for a file that does not hold one certificate
 */
export async function certificateName(name: string, path: string, field: string): Promise<string> {
  if (/^[0-9a-f]+$/i.test(name)) return name;
  const found = name === '' ? undefined : await stat(path).catch(() => undefined);
  if (found !== undefined && !found.isDirectory())
    return (await oneCertificateFrom(path, field, name)).certificate.fingerprint;
  const what = found === undefined ? 'no such file, and no fingerprint' : 'this is a folder';
  throw invalid(
    field,
    name,
    `${what}; give the first 6 or more hex digits of its fingerprint, or a file that holds it`,
  );
}
