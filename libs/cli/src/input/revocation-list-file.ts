import { pki } from '../pki.js';
import { asClause, certificatesFrom, withRemedy } from './certificate-file.js';
import { invalid } from './invalid.js';
import { octetsFrom } from './read-file.js';

/** Base64 makes four octets of three, and line ends come on top. */
const PEM_SURPLUS = 1.5;

const REMEDY = 'give the revocation list as its issuer published it, in DER or PEM ("X509 CRL")';

/**
 * A revocation list in a file, DER or PEM.
 * @param limit the most octets it may have in DER
 * @returns its DER
 * @throws {CertlaneError} `invalid-argument` for a file that cannot be read or holds something else
 */
export async function revocationListFrom(
  path: string,
  field: string,
  shown: string,
  limit: number,
): Promise<Uint8Array> {
  const octets = await octetsFrom(path, field, shown, Math.ceil(limit * PEM_SURPLUS));
  if (octets.length === 0) throw invalid(field, shown, `the file is empty; ${REMEDY}`);
  const { isPkiError, readRevocationList } = await pki();
  try {
    return readRevocationList(octets).der;
  } catch (thrown) {
    if (!isPkiError(thrown)) throw thrown;
    const certificate = await certificatesFrom(path, field, shown).then(
      ([first]) => first !== undefined,
      () => false,
    );
    const problem = certificate ? 'the file holds a certificate' : asClause(thrown.message);
    throw invalid(field, shown, withRemedy(problem, REMEDY));
  }
}
