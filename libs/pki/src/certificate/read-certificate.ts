import { createHash } from 'node:crypto';
import {
  type Asn1Element,
  type Asn1Limits,
  contextConstructed,
  contextPrimitive,
  malformed,
  TAG,
} from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { readDer } from '../asn1/read-der.js';
import { bitOctetsOf, hexIntegerOf, smallIntegerOf, timeOf } from '../asn1/values.js';
import { refusingAs } from '../errors.js';
import { sameName } from '../names/index.js';
import { readName } from '../names/name-der.js';
import { plain, sameOctets } from '../octets.js';
import type { Certificate } from './certificate.js';
import { readExtensions } from './extensions.js';
import { readPublicKeyInfo } from './public-key.js';
import { readSignatureAlgorithm } from './signature-algorithm.js';

/** Bounds for one certificate; those in use have 1 to 5 KiB. */
export const CERTIFICATE_LIMITS: Asn1Limits = { octets: 65_536, depth: 16, elements: 4096 };

/** RFC 5280 §4.1.2.2 allows 20; a few authorities used more. */
const MAXIMUM_SERIAL_OCTETS = 32;

/**
 * Reads one certificate in DER. Reading says nothing about trust, dates or signature.
 * @throws PkiError `certificate-malformed`, `trailing-octets`, `too-large`
 */
export function readCertificate(der: Uint8Array): Certificate {
  return refusingAs('certificate-malformed', 'The certificate cannot be read', () => {
    // A copy, so that nobody who still holds the input can change a value that others rely on.
    const own = der.length > CERTIFICATE_LIMITS.octets ? der : plain(der);
    return certificateOf(readDer(own, CERTIFICATE_LIMITS), own);
  });
}

function certificateOf(element: Asn1Element, der: Uint8Array): Certificate {
  const outer = Fields.of(element, TAG.sequence, 'Certificate');
  const tbs = outer.required(TAG.sequence, 'tbsCertificate');
  const outerAlgorithm = outer.required(TAG.sequence, 'signatureAlgorithm');
  const signature = bitOctetsOf(outer.required(TAG.bitString, 'signatureValue'), 'signatureValue');
  outer.end();

  const fields = Fields.of(tbs, TAG.sequence, 'tbsCertificate');
  const version = versionOf(fields.optional(contextConstructed(0)));
  const serialNumber = hexIntegerOf(
    fields.required(TAG.integer, 'serialNumber'),
    'serialNumber',
    MAXIMUM_SERIAL_OCTETS,
  );
  const innerAlgorithm = fields.required(TAG.sequence, 'signature');
  const issuerElement = fields.required(TAG.sequence, 'issuer');
  const validity = Fields.of(fields.required(TAG.sequence, 'validity'), TAG.sequence, 'validity');
  const notBefore = timeOf(validity.any('notBefore'), 'notBefore');
  const notAfter = timeOf(validity.any('notAfter'), 'notAfter');
  validity.end();
  const subjectElement = fields.required(TAG.sequence, 'subject');
  const publicKey = readPublicKeyInfo(fields.required(TAG.sequence, 'subjectPublicKeyInfo'));
  fields.optional(contextPrimitive(1));
  fields.optional(contextPrimitive(2));
  const extensions = fields.optional(contextConstructed(3));
  fields.end();
  if (extensions !== undefined && version !== 3) throw malformed(`a version ${version} certificate has extensions`);
  // RFC 5280 §4.1.1.2: the two must be the same, else the outer one could be exchanged unnoticed.
  if (!sameOctets(outerAlgorithm.octets, innerAlgorithm.octets)) {
    throw malformed('the two signature algorithms of the certificate differ');
  }

  const subject = readName(subjectElement, 'subject');
  const issuer = readName(issuerElement, 'issuer');
  return Object.freeze({
    der,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    version,
    serialNumber,
    subject,
    issuer,
    subjectDer: subjectElement.octets,
    issuerDer: issuerElement.octets,
    notBefore,
    notAfter,
    publicKey,
    signatureAlgorithm: readSignatureAlgorithm(innerAlgorithm),
    signature,
    tbsCertificate: tbs.octets,
    selfIssued: sameName(subject, issuer),
    ...readExtensions(extensionList(extensions)),
  });
}

function versionOf(element: Asn1Element | undefined): 1 | 2 | 3 {
  if (element === undefined) return 1;
  const [version, more] = element.children;
  if (version === undefined || more !== undefined) throw malformed('the version is not one integer');
  const value = smallIntegerOf(version, 'version');
  if (value !== 0 && value !== 1 && value !== 2) throw malformed(`the version is ${value}`);
  return (value + 1) as 1 | 2 | 3;
}

function extensionList(element: Asn1Element | undefined): Asn1Element | undefined {
  if (element === undefined) return undefined;
  const [list, more] = element.children;
  if (list?.tag !== TAG.sequence || more !== undefined) throw malformed('the extensions are not one list');
  return list;
}
