import type { KeyObject } from 'node:crypto';
import { encodeElement, objectIdentifier } from '../asn1/write.js';
import {
  type BasicConstraints,
  type Certificate,
  certificateToPem,
  KEY_PURPOSE,
  type KeyUsageFlag,
} from '../certificate/index.js';
import {
  alternativeNamesExtension,
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  extendedKeyUsageExtension,
  extension,
  keyUsageExtension,
  subjectKeyIdentifierExtension,
} from '../issuing/extension-values.js';
import { buildCertificate } from '../issuing/build-certificate.js';
import { keyIdentifierOf, type SigningHash } from '../issuing/sign-structure.js';
import { privateKeyToPkcs8, spkiOf } from '../keys/index.js';
import { type DistinguishedName, encodeName, parseDistinguishedName } from '../names/index.js';
import { nextLeafKey, testKey } from './test-keys.js';

const DAY = 86_400_000;

/** What a test may want different from a sound certificate. What is left out is sound; `'none'` leaves an extension away. */
export interface TestCertificateOptions {
  /** RFC 4514 text or a name. */
  readonly subject?: string | DistinguishedName;
  readonly host?: string;
  readonly odetteId?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Ended a day before the authority's `now`. */
  readonly expired?: boolean;
  /** Begins a day after the authority's `now`. */
  readonly future?: boolean;
  /** Hex. */
  readonly serial?: string;
  readonly keyUsage?: readonly KeyUsageFlag[] | 'none';
  readonly extendedKeyUsage?: readonly string[] | 'none';
  readonly basicConstraints?: BasicConstraints | 'none';
  readonly key?: KeyObject;
  /** A small key, or a signature over SHA-1. */
  readonly weak?: 'rsa-1024' | 'sha1';
  /** Further extensions as DER. */
  readonly extensions?: readonly Uint8Array[];
  /** An issuer name other than the authority's, which breaks the chain of names. */
  readonly issuer?: string;
  /** Signed with another key than the authority's, which breaks the signature. */
  readonly signedWith?: KeyObject;
  /** Leaves the key identifiers away, as old authorities do. */
  readonly withoutKeyIdentifiers?: boolean;
}

/** A certificate with its private key, in the forms tests need. */
export interface TestIdentity {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
  readonly pkcs8: Uint8Array;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** An authority that issues whatever a test asks for, sound or broken. */
export class TestAuthority {
  constructor(
    readonly certificate: Certificate,
    readonly privateKey: KeyObject,
    /** The time that dates are reckoned from. */
    readonly now: Date,
  ) {}

  /** A self-signed root. */
  static root(name: string, now: Date, options: TestCertificateOptions = {}): TestAuthority {
    const key = options.key ?? testKey(`ca:${name}`);
    const subject = nameOf(options.subject ?? `CN=${name},O=Certlane Test,C=DE`);
    const certificate = make(
      { ...caDefaults(), ...options, subject, key },
      { name: subject, key, spki: spkiOf(key) },
      now,
    );
    return new TestAuthority(certificate, key, now);
  }

  /** A subordinate authority. Its key depends on `name`. */
  subordinate(name: string, options: TestCertificateOptions = {}): TestAuthority {
    const key = options.key ?? testKey(`ca:${name}`);
    const subject = options.subject ?? `CN=${name},O=Certlane Test,C=DE`;
    const certificate = make({ ...caDefaults(), ...options, subject, key }, this.issuer(), this.now);
    return new TestAuthority(certificate, key, this.now);
  }

  /** An end-entity certificate of the OFTP2 profile, with a key of a small pool unless one is given. */
  issue(options: TestCertificateOptions = {}): TestIdentity {
    const key = options.key ?? nextLeafKey(options.weak === 'rsa-1024' ? 1024 : 2048);
    return identity(make(leafDefaults(options, key), this.issuer(), this.now), key);
  }

  /** The same logical identity again with another serial number and key, ending a year later. */
  renew(previous: TestIdentity, options: TestCertificateOptions = {}): TestIdentity {
    const { subject, notAfter, dnsNames, keyUsage, extendedKeyUsage } = previous.certificate;
    return this.issue({
      subject,
      ...(dnsNames[0] === undefined ? {} : { host: dnsNames[0] }),
      notAfter: new Date(notAfter.getTime() + 365 * DAY),
      keyUsage: keyUsage?.flags ?? 'none',
      extendedKeyUsage: extendedKeyUsage ?? 'none',
      ...options,
    });
  }

  private issuer(): Issuer {
    return { name: this.certificate.subject, key: this.privateKey, spki: this.certificate.publicKey.spki };
  }
}

/** A self-signed end-entity certificate with the same freedom. */
export function testSelfSigned(now: Date, options: TestCertificateOptions = {}): TestIdentity {
  const key = options.key ?? nextLeafKey(options.weak === 'rsa-1024' ? 1024 : 2048);
  const all = leafDefaults(options, key);
  return identity(make(all, { name: nameOf(all.subject), key, spki: spkiOf(key) }, now), key);
}

/** A critical extension that nobody knows. */
export const unknownCriticalExtension = (): Uint8Array =>
  extension('1.3.6.1.4.1.55555.1', true, encodeElement(0x04, Uint8Array.of(1)));

/** Critical NameConstraints that permit one DNS domain. */
export function nameConstraintsExtension(domain: string): Uint8Array {
  const base = encodeElement(0x82, Buffer.from(domain, 'latin1'));
  return extension('2.5.29.30', true, encodeElement(0x30, encodeElement(0xa0, encodeElement(0x30, base))));
}

/** Critical PolicyConstraints with requireExplicitPolicy 0. */
export const policyConstraintsExtension = (): Uint8Array =>
  extension('2.5.29.36', true, encodeElement(0x30, Uint8Array.of(0x80, 1, 0)));

/** CertificatePolicies with one policy. */
export const policiesExtension = (oid: string, critical = false): Uint8Array =>
  extension('2.5.29.32', critical, encodeElement(0x30, encodeElement(0x30, objectIdentifier(oid))));

interface Issuer {
  readonly name: DistinguishedName;
  readonly key: KeyObject;
  readonly spki: Uint8Array;
}

type Complete = TestCertificateOptions & { readonly subject: string | DistinguishedName; readonly key: KeyObject };

function caDefaults(): TestCertificateOptions {
  return {
    keyUsage: ['keyCertSign', 'cRLSign'],
    extendedKeyUsage: 'none',
    basicConstraints: { ca: true, pathLength: undefined },
  };
}

function leafDefaults(options: TestCertificateOptions, key: KeyObject): Complete {
  const host = options.host ?? 'oftp2.example.com';
  const odetteId = options.odetteId ?? 'O0013000000TEST';
  return {
    keyUsage: ['digitalSignature', 'keyEncipherment'],
    extendedKeyUsage: [KEY_PURPOSE.serverAuth, KEY_PURPOSE.clientAuth],
    basicConstraints: 'none',
    ...options,
    subject: options.subject ?? `CN=${host},serialNumber=${odetteId},O=Example,C=DE`,
    host,
    odetteId,
    key,
  };
}

function make(options: Complete, issuer: Issuer, now: Date): Certificate {
  const spki = spkiOf(options.key);
  const { notBefore, notAfter } = datesOf(options, now);
  const names = alternativeNamesExtension(options.host, options.odetteId);
  const { basicConstraints = 'none', keyUsage = 'none', extendedKeyUsage = 'none' } = options;
  const hash: SigningHash = options.weak === 'sha1' ? 'sha1' : 'sha256';
  return buildCertificate({
    serialNumber: options.serial,
    issuerDer: encodeName(options.issuer === undefined ? issuer.name : nameOf(options.issuer)),
    subjectDer: encodeName(nameOf(options.subject)),
    notBefore,
    notAfter,
    spki,
    extensions: [
      ...(basicConstraints === 'none' ? [] : [basicConstraintsExtension(basicConstraints)]),
      ...(keyUsage === 'none' ? [] : [keyUsageExtension(keyUsage)]),
      ...(extendedKeyUsage === 'none' ? [] : [extendedKeyUsageExtension(extendedKeyUsage)]),
      ...(names === undefined ? [] : [names]),
      ...(options.withoutKeyIdentifiers === true
        ? []
        : [
            subjectKeyIdentifierExtension(keyIdentifierOf(spki)),
            authorityKeyIdentifierExtension(keyIdentifierOf(issuer.spki)),
          ]),
      ...(options.extensions ?? []),
    ],
    signer: options.signedWith ?? issuer.key,
    hash,
  });
}

function datesOf(options: TestCertificateOptions, now: Date): { notBefore: Date; notAfter: Date } {
  const at = (days: number): Date => new Date(now.getTime() + days * DAY);
  const [from, to] = options.expired === true ? [-400, -1] : options.future === true ? [1, 366] : [-1, 365];
  return { notBefore: options.notBefore ?? at(from), notAfter: options.notAfter ?? at(to) };
}

const nameOf = (name: string | DistinguishedName): DistinguishedName =>
  typeof name === 'string' ? parseDistinguishedName(name) : name;

function identity(certificate: Certificate, privateKey: KeyObject): TestIdentity {
  return {
    certificate,
    privateKey,
    pkcs8: privateKeyToPkcs8(privateKey),
    certificatePem: certificateToPem(certificate),
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
