import { CertlaneError } from '@certlane/contracts';
import {
  certificatesAbove,
  formatDistinguishedName,
  keyMatches,
  privateKeyToPkcs8,
  readCertificates,
  readPkcs12,
  readPrivateKey,
  weaknessesOf,
  type Certificate,
} from '@certlane/pki';
import { z } from 'zod';
import { readingField } from './pki-refusals.js';

/** What the caller sealed: a PKCS#12 file with its password, or a key file and the password it may have. */
const importSecret = z.union([
  z.strictObject({ pkcs12: z.base64(), password: z.string() }),
  z.strictObject({ key: z.base64(), password: z.string().optional() }),
]);

/** What an import brings: a certificate of ours, what goes along with it, and its key unless that was made here. */
export interface ImportMaterial {
  readonly certificate: Certificate;
  /** From its issuer upwards. */
  readonly chain: readonly Certificate[];
  /** PKCS#8; whoever takes it overwrites it. */
  readonly privateKey: Uint8Array | undefined;
}

/** The request, with the secret opened. */
export interface ImportRequest {
  /** JSON of {@link importSecret}; absent where the key was made here. */
  readonly secret?: Uint8Array | undefined;
  readonly certificate?: Uint8Array | undefined;
  readonly chain: readonly Uint8Array[];
}

/**
 * Reads what is to be imported and sees that it fits together and is fit for OFTP2.
 * @throws {CertlaneError} `invalid-argument` with one sentence: what is wrong, and what to give instead
 */
export function readImport(request: ImportRequest): ImportMaterial {
  const chain = readingField('chain', () => request.chain.flatMap((octets) => readCertificates(octets)));
  const material = readParts(request, chain);
  refuseUnfit(material.certificate);
  const above = certificatesAbove(material.certificate, material.chain);
  refuseStray(material.certificate, above, chain);
  // A PKCS#12 file may hold whatever a key store held: what is not above the certificate is of no use to a partner.
  return { ...material, chain: above };
}

function readParts({ certificate, secret }: ImportRequest, chain: readonly Certificate[]): ImportMaterial {
  if (secret === undefined) {
    const [own, rest] = ownAndRest(certificate);
    return { certificate: own, chain: [...rest, ...chain], privateKey: undefined };
  }
  const parts = readSecret(secret);
  if ('pkcs12' in parts) {
    if (certificate !== undefined) {
      throw invalid('certificate', 'a PKCS#12 file brings its own certificate; leave the certificate out');
    }
    const content = readingField('secret', () => readPkcs12(Buffer.from(parts.pkcs12, 'base64'), parts.password));
    return { certificate: content.certificate, chain: [...content.chain, ...chain], privateKey: content.privateKey };
  }
  const [own, rest] = ownAndRest(certificate);
  const key = readingField('secret', () => readPrivateKey(Buffer.from(parts.key, 'base64'), parts.password));
  if (!keyMatches(key, own)) {
    throw invalid('secret', 'the private key does not belong to the certificate; give the key it was requested with');
  }
  return { certificate: own, chain: [...rest, ...chain], privateKey: privateKeyToPkcs8(key) };
}

/** A file may hold the certificate with its chain behind it. */
function ownAndRest(octets: Uint8Array | undefined): [Certificate, Certificate[]] {
  if (octets === undefined) throw invalid('certificate', 'a certificate is needed beside a key file; give one');
  const [own, ...rest] = readingField('certificate', () => readCertificates(octets));
  if (own === undefined) throw invalid('certificate', 'the file holds no certificate');
  return [own, rest];
}

function readSecret(octets: Uint8Array): z.infer<typeof importSecret> {
  try {
    return importSecret.parse(JSON.parse(Buffer.from(octets).toString('utf8')));
  } catch {
    // The cause is left out: it would quote what was sealed.
    throw invalid('secret', 'it does not hold {"pkcs12","password"} or {"key","password"}');
  }
}

function refuseUnfit(certificate: Certificate): void {
  const { algorithm } = certificate.publicKey;
  if (algorithm !== 'rsa') {
    const message = `its key is of type ${algorithm}; secure authentication (RFC 5024) needs an RSA key`;
    throw invalid('certificate', message);
  }
  const [weakness] = weaknessesOf(certificate);
  if (weakness !== undefined) throw invalid('certificate', `${weakness.message}; get a stronger one`);
}

/** What was named as the chain is meant to be one: a certificate in it that is not above ours is a slip. */
function refuseStray(
  { fingerprint: own }: Certificate,
  above: readonly Certificate[],
  chain: readonly Certificate[],
): void {
  const belong = new Set([own, ...above.map(({ fingerprint }) => fingerprint)]);
  const stray = chain.find(({ fingerprint }) => !belong.has(fingerprint));
  if (stray === undefined) return;
  const message = `${formatDistinguishedName(stray.subject)} is not above this certificate: it signed neither that nor one above it`;
  throw invalid('chain', `${message}; give the certificates of the authorities from its issuer upwards, without a gap`);
}

function invalid(field: string, message: string): CertlaneError {
  return new CertlaneError('invalid-argument', `${field}: ${message}`, { details: { field } });
}
