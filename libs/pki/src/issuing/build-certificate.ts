import { type KeyObject, randomBytes } from 'node:crypto';
import { encodeElement, explicit, integer, sequence, time } from '../asn1/write.js';
import { type Certificate, readCertificate } from '../certificate/index.js';
import { PkiError } from '../errors.js';
import { TAG } from '../asn1/element.js';
import { signatureAlgorithmFor, type SigningHash, signStructure } from './sign-structure.js';

/** Everything in a certificate to be made. */
export interface CertificateTemplate {
  /** Hex; a random one of 16 octets when left out. */
  readonly serialNumber?: string | undefined;
  readonly issuerDer: Uint8Array;
  readonly subjectDer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  /** Extensions as DER. */
  readonly extensions: readonly Uint8Array[];
  readonly signer: KeyObject;
  readonly hash: SigningHash;
}

/**
 * Makes and signs a certificate of version 3.
 * @throws PkiError `issuing-invalid` for dates in the wrong order or a serial number RFC 5280 §4.1.2.2 forbids
 */
export function buildCertificate(template: CertificateTemplate): Certificate {
  const { notBefore, notAfter } = template;
  if (!(notBefore.getTime() < notAfter.getTime())) {
    throw new PkiError(
      'issuing-invalid',
      'The certificate would end before it begins: notBefore must be earlier than notAfter.',
    );
  }
  const tbs = sequence(
    explicit(0, integer(2)),
    serialNumber(template.serialNumber),
    signatureAlgorithmFor(template.signer, template.hash),
    template.issuerDer,
    sequence(time(notBefore), time(notAfter)),
    template.subjectDer,
    template.spki,
    ...(template.extensions.length === 0 ? [] : [explicit(3, sequence(...template.extensions))]),
  );
  return readCertificate(signStructure(tbs, template.signer, template.hash));
}

/** 20 octets with the sign bit, so 159 bits (RFC 5280 §4.1.2.2). */
const MAXIMUM_SERIAL = 1n << 159n;

function serialNumber(hex: string | undefined): Uint8Array {
  if (hex === undefined) {
    const octets = randomBytes(16);
    // Positive, and of the same length whatever the dice say.
    octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40;
    return encodeElement(TAG.integer, octets);
  }
  const value = /^[0-9a-f]{1,40}$/i.test(hex) ? BigInt(`0x${hex}`) : 0n;
  if (value === 0n || value >= MAXIMUM_SERIAL) {
    throw new PkiError('issuing-invalid', `The serial number "${hex}" is not hex of a number above zero in 20 octets.`);
  }
  return integer(value);
}
