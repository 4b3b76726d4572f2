import type { KeyObject } from 'node:crypto';
import { type Asn1Limits, contextConstructed, contextPrimitive, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readBer } from '../asn1/read-ber.js';
import { implicitOctetsOf, oidOf, smallIntegerOf, want } from '../asn1/values.js';
import type { Certificate } from '../certificate/certificate.js';
import { kindOfObject } from '../certificate/kind-of-object.js';
import { isPkiError, PkiError, refusingAs } from '../errors.js';
import { keyMatches, privateKeyToPkcs8 } from '../keys/index.js';
import { decryptWithPassword, wrongPassword } from '../password/decrypt.js';
import { WorkBudget } from '../password/work-budget.js';
import { type Bags, collectBags } from './safe-bags.js';
import { checkMac } from './mac.js';

/** What a PKCS#12 file for one station holds. */
export interface Pkcs12Content {
  readonly certificate: Certificate;
  /** PKCS#8 DER; overwrite it as soon as it is sealed. */
  readonly privateKey: Uint8Array;
  /** The further certificates in the order of the file; neither sorted into a path nor checked. */
  readonly chain: readonly Certificate[];
}

const LIMITS: Asn1Limits = { octets: 1_048_576, depth: 24, elements: 16_384 };
const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';

/**
 * Reads a PKCS#12 file (RFC 7292) with one private key, its certificate and perhaps a chain: PBES2 with AES and the old
 * 3DES encryption; MACs over SHA-1 and SHA-2 (also PBMAC1).
 * @throws PkiError `pkcs12-malformed`, `password-wrong`, `encryption-unsupported` with the remedy (RC2, RC4), `work-limit`,
 * `pkcs12-no-key`, `pkcs12-several-keys`, `pkcs12-no-certificate`, `too-large`
 */
export function readPkcs12(octets: Uint8Array, password: string): Pkcs12Content {
  return refusingAs('pkcs12-malformed', 'The PKCS#12 file cannot be read', () => {
    const pfx = readBer(octets, LIMITS);
    const kind = kindOfObject(pfx);
    if (kind !== 'pkcs12') {
      throw new PkiError(
        'pkcs12-malformed',
        `The file is no PKCS#12 file${kind === 'unknown' ? '' : `, but a ${kind}`}.`,
      );
    }
    const fields = Fields.of(pfx, TAG.sequence, 'PFX');
    const version = smallIntegerOf(fields.required(TAG.integer, 'version'), 'version');
    const [type, content] = fields.required(TAG.sequence, 'authSafe').children;
    const mac = fields.optional(TAG.sequence);
    fields.end();
    if (version !== 3) throw new PkiError('pkcs12-malformed', `The PKCS#12 file has version ${version}; 3 is read.`);
    if (oidOf(type, 'the type of authSafe') !== DATA) {
      throw new PkiError('pkcs12-malformed', 'The PKCS#12 file is protected by a signature instead of a password.');
    }
    const safe = want(content?.children[0], TAG.octetString, 'authSafe').content;
    const budget = new WorkBudget();
    if (mac !== undefined && !checkMac(mac, safe, password, budget)) throw wrongPassword();
    return pickContent(readSafe(safe, password, budget));
  });
}

function readSafe(safe: Uint8Array, password: string, budget: WorkBudget): Bags {
  const bags: Bags = { keys: [], certificates: [] };
  for (const contentInfo of want(readBer(safe, LIMITS), TAG.sequence, 'AuthenticatedSafe').children) {
    const [type, content] = want(contentInfo, TAG.sequence, 'a ContentInfo').children;
    const oid = oidOf(type, 'a content type');
    if (oid === DATA) {
      const data = want(content?.children[0], TAG.octetString, 'the content').content;
      collectBags(readBer(data, LIMITS), password, budget, bags);
    } else if (oid === ENCRYPTED_DATA) {
      const fields = Fields.of(content?.children[0], TAG.sequence, 'EncryptedData');
      fields.required(TAG.integer, 'version');
      const info = Fields.of(
        fields.required(TAG.sequence, 'encryptedContentInfo'),
        TAG.sequence,
        'encryptedContentInfo',
      );
      info.required(TAG.oid, 'contentType');
      const algorithm = info.required(TAG.sequence, 'contentEncryptionAlgorithm');
      const encrypted = info.optional(contextPrimitive(0)) ?? info.required(contextConstructed(0), 'encryptedContent');
      const data = decryptWithPassword(algorithm, implicitOctetsOf(encrypted, 'encryptedContent'), password, budget);
      collectDecrypted(data, password, budget, bags);
      data.fill(0);
    } else {
      throw new PkiError(
        'pkcs12-malformed',
        `The PKCS#12 file has a part of type ${oid}, which a password does not open.`,
      );
    }
  }
  return bags;
}

/** Without a MAC a wrong password may only show in what it hides. */
function collectDecrypted(data: Uint8Array, password: string, budget: WorkBudget, bags: Bags): void {
  let contents;
  try {
    contents = readBer(data, LIMITS);
  } catch (error) {
    if (isPkiError(error)) throw wrongPassword();
    throw error;
  }
  collectBags(contents, password, budget, bags);
}

function pickContent({ keys, certificates }: Bags): Pkcs12Content {
  const [privateKey, ...more] = distinct(keys);
  if (privateKey === undefined) {
    throw new PkiError(
      'pkcs12-no-key',
      'The PKCS#12 file holds no private key; export it together with its private key.',
    );
  }
  if (more.length > 0) {
    throw new PkiError(
      'pkcs12-several-keys',
      `The PKCS#12 file holds ${more.length + 1} private keys where one is wanted.`,
    );
  }
  const certificate = certificates.find((candidate) => keyMatches(privateKey, candidate));
  if (certificate === undefined) {
    throw new PkiError(
      'pkcs12-no-certificate',
      `The PKCS#12 file holds ${certificates.length} certificates, none of them for its private key.`,
    );
  }
  const chain = certificates.filter((other) => other.fingerprint !== certificate.fingerprint);
  return { certificate, privateKey: privateKeyToPkcs8(privateKey), chain };
}

const distinct = (keys: readonly KeyObject[]): KeyObject[] =>
  keys.filter((key, at) => keys.findIndex((other) => other.equals(key)) === at);
