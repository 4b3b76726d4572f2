import { X509Certificate } from 'node:crypto';
import { invalid } from '../input/invalid.js';
import { octetsFrom } from '../input/read-file.js';

/** The authorities of a whole system come to a quarter of it. */
const LIMIT = 1 << 20;
const BLOCK = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
const REMEDY = 'name a PEM file with the authorities of that NATS';

/**
 * Sees that a file can serve as `--nats-ca`: where it cannot, all that TLS says is that no server answers.
 * @throws {CertlaneError} `invalid-argument` for a file that cannot be read or is no PEM file of certificates
 */
export async function assertNatsCa(path: string): Promise<void> {
  const octets = await octetsFrom(path, '--nats-ca', path, LIMIT);
  if (octets.length === 0) throw invalid('--nats-ca', path, `the file is empty; ${REMEDY}`);
  const blocks = octets.toString('latin1').match(BLOCK);
  if (blocks === null) throw invalid('--nats-ca', path, `the file holds no certificate in PEM; ${REMEDY}`);
  const damaged = blocks.findIndex((block) => !isCertificate(block));
  if (damaged >= 0) throw invalid('--nats-ca', path, `certificate ${damaged + 1} of the file is damaged; ${REMEDY}`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
