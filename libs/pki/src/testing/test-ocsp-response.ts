import type { KeyObject } from 'node:crypto';
import { TAG } from '../asn1/element.js';
import { encodeElement, explicit, implicit, objectIdentifier, octetString, sequence } from '../asn1/write.js';
import { type Certificate, KEY_PURPOSE } from '../certificate/index.js';
import { extension } from '../issuing/extension-values.js';
import { keyIdentifierOf, type SigningHash, signStructure } from '../issuing/sign-structure.js';
import { type CertificateIdHash, writeCertificateId } from '../revocation/ocsp/certificate-id.js';
import { OCSP } from '../revocation/ocsp/ocsp-oids.js';
import { reasonNumber } from '../revocation/reasons.js';
import type { RevocationReason } from '../validation/revocation-source.js';
import type { TestAuthority, TestCertificateOptions, TestIdentity } from './test-authority.js';
import { generalizedTime } from './test-revocation-list.js';

const HOUR = 3_600_000;

/** What is said about one certificate; good, an hour old and for a day when left out. */
export interface TestSingleResponse {
  readonly certificate: Certificate;
  readonly status?: 'good' | 'unknown' | { readonly at: Date; readonly reason?: RevocationReason };
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | 'none';
  readonly hash?: CertificateIdHash;
  /** Extensions as DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** What a test may want different from a sound answer signed by the authority itself. */
export interface TestOcspOptions {
  /** A delegated responder; its certificate is sent along. */
  readonly responder?: TestIdentity;
  readonly signedWith?: KeyObject;
  readonly hash?: SigningHash;
  readonly by?: 'name' | 'key';
  readonly nonce?: Uint8Array;
  readonly producedAt?: Date;
  readonly certs?: readonly Certificate[];
  /** Extensions as DER. */
  readonly extensions?: readonly Uint8Array[];
}

/** The DER of an OCSP answer about certificates of the authority. */
export function testOcspResponse(
  authority: TestAuthority,
  singles: readonly TestSingleResponse[],
  options: TestOcspOptions = {},
): Uint8Array {
  const { responder, nonce, by = 'name', producedAt = authority.now } = options;
  const signer = responder?.certificate ?? authority.certificate;
  const responderId =
    by === 'name' ? explicit(1, signer.subjectDer) : explicit(2, octetString(keyIdentifierOf(signer.publicKey.spki)));
  const extensions = [
    ...(nonce === undefined ? [] : [extension(OCSP.nonce, false, octetString(nonce))]),
    ...(options.extensions ?? []),
  ];
  const data = sequence(
    responderId,
    generalizedTime(producedAt),
    sequence(...singles.map((single) => singleDer(single, authority))),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  );
  const certs = options.certs ?? (responder === undefined ? [] : [responder.certificate]);
  const signed = signStructure(
    data,
    options.signedWith ?? responder?.privateKey ?? authority.privateKey,
    options.hash ?? 'sha256',
  );
  return ocspResponse(0, certs.length === 0 ? signed : withCertificates(signed, certs));
}

/** An OCSPResponse around a BasicOCSPResponse; without one it is the refusal `status`. */
export function ocspResponse(status: number, basic?: Uint8Array, type: string = OCSP.basic): Uint8Array {
  const bytes = basic === undefined ? [] : [explicit(0, sequence(objectIdentifier(type), octetString(basic)))];
  return sequence(encodeElement(TAG.enumerated, Uint8Array.of(status)), ...bytes);
}

/** A responder to which the authority delegated, with id-pkix-ocsp-nocheck unless `checked`. */
export function testResponder(
  authority: TestAuthority,
  { checked = false, ...options }: TestCertificateOptions & { readonly checked?: boolean } = {},
): TestIdentity {
  return authority.issue({
    subject: 'CN=Responder,O=Certlane Test,C=DE',
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: [KEY_PURPOSE.ocspSigning],
    extensions: checked ? [] : [extension(OCSP.nocheck, false, Uint8Array.of(TAG.null, 0))],
    ...options,
  });
}

/** Puts certificates behind the signature of a signed structure. */
function withCertificates(signed: Uint8Array, certificates: readonly Certificate[]): Uint8Array {
  const content = signed.subarray((signed[1] ?? 0) < 0x80 ? 2 : 2 + ((signed[1] ?? 0) & 0x7f));
  return sequence(content, explicit(0, sequence(...certificates.map(({ der }) => der))));
}

function singleDer(single: TestSingleResponse, { certificate: issuer, now }: TestAuthority): Uint8Array {
  const { certificate, hash = 'sha1', thisUpdate = new Date(now.getTime() - HOUR), extensions = [] } = single;
  const { nextUpdate = new Date(thisUpdate.getTime() + 24 * HOUR) } = single;
  return sequence(
    writeCertificateId(certificate, issuer, hash),
    statusDer(single.status ?? 'good'),
    generalizedTime(thisUpdate),
    ...(nextUpdate === 'none' ? [] : [explicit(0, generalizedTime(nextUpdate))]),
    ...(extensions.length === 0 ? [] : [explicit(1, sequence(...extensions))]),
  );
}

function statusDer(status: NonNullable<TestSingleResponse['status']>): Uint8Array {
  if (status === 'good') return implicit(0, new Uint8Array());
  if (status === 'unknown') return implicit(2, new Uint8Array());
  const { at, reason } = status;
  const code = reason === undefined ? [] : [encodeElement(TAG.enumerated, Uint8Array.of(reasonNumber(reason)))];
  return explicit(1, generalizedTime(at), ...code.map((one) => explicit(0, one)));
}
