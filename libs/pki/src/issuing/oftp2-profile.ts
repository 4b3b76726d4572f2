import type { KeyObject } from 'node:crypto';
import { writePem } from '../asn1/pem.js';
import { explicit, integer, objectIdentifier, sequence, setOf } from '../asn1/write.js';
import { type Certificate, KEY_PURPOSE } from '../certificate/index.js';
import { PkiError } from '../errors.js';
import { spkiOf } from '../keys/index.js';
import { type DistinguishedName, encodeName } from '../names/index.js';
import { buildCertificate } from './build-certificate.js';
import {
  alternativeNamesExtension,
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  keyUsageExtension,
  subjectKeyIdentifierExtension,
} from './extension-values.js';
import { keyIdentifierOf, signStructure } from './sign-structure.js';

/** What goes into a certificate or request of the OFTP2 profile. */
export interface Oftp2Subject {
  /** As it shall stand; a serialNumber attribute in it is the Odette ID by custom. Not empty. */
  readonly subject: DistinguishedName;
  readonly keys: { readonly privateKey: KeyObject };
  /** Host name or IP address for the subjectAltName. */
  readonly host?: string | undefined;
  /** Odette ID (SSID) for the subjectAltName URI `oftp://<SSID>`. */
  readonly odetteId?: string | undefined;
}

/** What a self-signed certificate needs beyond its subject. */
export interface SelfSignedOptions extends Oftp2Subject {
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hex; random when left out. */
  readonly serial?: string | undefined;
}

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/**
 * Makes a self-signed end-entity certificate of the OFTP2 profile: RSA with SHA-256, digitalSignature and keyEncipherment,
 * serverAuth and clientAuth, no authority.
 * @throws PkiError `issuing-invalid`, `key-unsupported`
 */
export function createSelfSigned(options: SelfSignedOptions): Certificate {
  const { privateKey } = options.keys;
  const name = subjectDer(options.subject);
  const spki = spkiOf(privateKey);
  const identifier = keyIdentifierOf(spki);
  return buildCertificate({
    serialNumber: options.serial,
    issuerDer: name,
    subjectDer: name,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    spki,
    extensions: [
      basicConstraintsExtension({ ca: false, pathLength: undefined }),
      ...profileExtensions(options),
      subjectKeyIdentifierExtension(identifier),
      authorityKeyIdentifierExtension(identifier),
    ],
    signer: privateKey,
    hash: 'sha256',
  });
}

/**
 * Makes a PKCS#10 request (RFC 2986) of the OFTP2 profile as PEM. Authorities take from it what they like; subject, host and
 * usages are asked for in an extensionRequest.
 * @throws PkiError `issuing-invalid`, `key-unsupported`
 */
export function createCertificationRequest(options: Oftp2Subject): string {
  const { privateKey } = options.keys;
  const request = sequence(objectIdentifier(EXTENSION_REQUEST), setOf(sequence(...profileExtensions(options))));
  const info = sequence(integer(0), subjectDer(options.subject), spkiOf(privateKey), explicit(0, request));
  return writePem('CERTIFICATE REQUEST', signStructure(info, privateKey, 'sha256'));
}

function profileExtensions({ host, odetteId }: Oftp2Subject): Uint8Array[] {
  const names = alternativeNamesExtension(host, odetteId);
  return [
    keyUsageExtension(['digitalSignature', 'keyEncipherment']),
    extendedKeyUsageExtension([KEY_PURPOSE.serverAuth, KEY_PURPOSE.clientAuth]),
    ...(names === undefined ? [] : [names]),
  ];
}

function subjectDer(subject: DistinguishedName): Uint8Array {
  if (subject.length === 0) {
    throw new PkiError(
      'issuing-invalid',
      'The subject is empty; give at least a common name such as CN=oftp2.example.com.',
    );
  }
  return encodeName(subject);
}
