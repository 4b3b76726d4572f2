import { SignedXml } from 'xml-crypto';
import type { Certificate } from '../../certificate/index.js';
import type { TestIdentity } from '../../testing/test-authority.js';
import { CERTIFICATE_AUTHORITY, IN_ACCORD } from '../trust-list.js';
import { DS, TSL, XADES } from '../namespaces.js';

/** A service of a test list: sound unless said otherwise. */
export interface TestService {
  readonly name?: string;
  readonly type?: string;
  readonly status?: string;
  /** A time as it stands in the list. */
  readonly since?: string;
  /** Certificates, or texts that stand in their place. */
  readonly certificates: readonly (Certificate | string)[];
}

/** What a test may want different in a list. */
export interface TestTrustListOptions {
  readonly sequenceNumber?: number | string;
  readonly issuedAt?: Date | string;
  /** Null leaves it away. */
  readonly nextUpdate?: Date | string | null;
  readonly schemeName?: string;
  readonly providers?: readonly { readonly name?: string; readonly services: readonly TestService[] }[];
}

const DAY = 86_400_000;
const iso = (time: Date | string): string => (typeof time === 'string' ? time : `${time.toISOString().slice(0, 19)}Z`);

/** The text of a list without its signature, on one line, laid out as published lists are. */
export function testTrustListXml(now: Date, options: TestTrustListOptions = {}): string {
  const { nextUpdate = new Date(now.getTime() + 180 * DAY) } = options;
  const names = (text: string): string => `<tsl:Name xml:lang="en">${text}</tsl:Name>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<tsl:TrustServiceStatusList xmlns:tsl="${TSL}" xmlns:ds="${DS}" TSLTag="http://uri.etsi.org/02231/TSLTag" Id="list">`,
    '<tsl:SchemeInformation><tsl:TSLVersionIdentifier>2</tsl:TSLVersionIdentifier>',
    `<tsl:TSLSequenceNumber>${options.sequenceNumber ?? 7}</tsl:TSLSequenceNumber>`,
    '<tsl:TSLType>http://uri.etsi.org/TrstSvc/TSLtype/generic</tsl:TSLType>',
    `<tsl:SchemeOperatorName>${names('Test Operator')}</tsl:SchemeOperatorName>`,
    `<tsl:SchemeName>${names(options.schemeName ?? 'Test OFTP2 TSL')}</tsl:SchemeName>`,
    '<tsl:StatusDeterminationApproach>http://uri.etsi.org/TrstSvc/StatusDetn/active</tsl:StatusDeterminationApproach>',
    `<tsl:ListIssueDateTime>${iso(options.issuedAt ?? new Date(now.getTime() - DAY))}</tsl:ListIssueDateTime>`,
    nextUpdate === null ? '' : `<tsl:NextUpdate><tsl:dateTime>${iso(nextUpdate)}</tsl:dateTime></tsl:NextUpdate>`,
    '</tsl:SchemeInformation><tsl:TrustServiceProviderList>',
    ...(options.providers ?? []).map(({ name = 'Test Provider', services }) =>
      [
        `<tsl:TrustServiceProvider><tsl:TSPInformation><tsl:TSPName>${names(name)}</tsl:TSPName></tsl:TSPInformation>`,
        '<tsl:TSPServices>',
        ...services.map((service) => serviceXml(service, now)),
        '</tsl:TSPServices></tsl:TrustServiceProvider>',
      ].join(''),
    ),
    '</tsl:TrustServiceProviderList></tsl:TrustServiceStatusList>',
  ].join('');
}

function serviceXml({ name, type, status, since, certificates }: TestService, now: Date): string {
  const ids = certificates.map((certificate) => {
    const text = typeof certificate === 'string' ? certificate : Buffer.from(certificate.der).toString('base64');
    return `<tsl:DigitalId><tsl:X509Certificate>${text}</tsl:X509Certificate></tsl:DigitalId>`;
  });
  return [
    '<tsl:TSPService><tsl:ServiceInformation>',
    `<tsl:ServiceTypeIdentifier>${type ?? CERTIFICATE_AUTHORITY}</tsl:ServiceTypeIdentifier>`,
    `<tsl:ServiceName><tsl:Name xml:lang="en">${name ?? 'Test OFTP2 CA'}</tsl:Name></tsl:ServiceName>`,
    `<tsl:ServiceDigitalIdentity>${ids.join('')}</tsl:ServiceDigitalIdentity>`,
    `<tsl:ServiceStatus>${status ?? IN_ACCORD}</tsl:ServiceStatus>`,
    `<tsl:StatusStartingTime>${since ?? iso(new Date(now.getTime() - DAY))}</tsl:StatusStartingTime>`,
    '</tsl:ServiceInformation></tsl:TSPService>',
  ].join('');
}

/** How a test list is signed. What is left out is sound. */
export interface TestSignatureOptions {
  readonly signatureMethod?: string;
  readonly digestMethod?: string;
  readonly canonicalization?: string;
  readonly transforms?: readonly string[];
  /** The certificate in KeyInfo; Null leaves KeyInfo away. Default: the signer's. */
  readonly keyInfo?: string | null;
  /** What is signed; default the document element, by URI "". */
  readonly reference?: { readonly xpath: string; readonly uri?: string };
  /** A second reference, to properties as XAdES has them. */
  readonly xades?: boolean;
}

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signs the text of a list with the identity's key, the signature as last child of the document element. */
export function signTestTrustList(xml: string, signer: TestIdentity, options: TestSignatureOptions = {}): Uint8Array {
  const { reference, digestMethod = 'http://www.w3.org/2001/04/xmlenc#sha256' } = options;
  const canonicalization = options.canonicalization ?? EXCLUSIVE;
  const { keyInfo = Buffer.from(signer.certificate.der).toString('base64') } = options;
  const signed = new SignedXml({
    privateKey: signer.privateKeyPem,
    signatureAlgorithm: options.signatureMethod ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: canonicalization,
    getKeyInfoContent: () =>
      keyInfo === null ? null : `<ds:X509Data><ds:X509Certificate>${keyInfo}</ds:X509Certificate></ds:X509Data>`,
    ...(options.xades === true ? { objects: [{ content: qualifyingProperties() }] } : {}),
  });
  signed.addReference({
    xpath: reference?.xpath ?? '/*',
    digestAlgorithm: digestMethod,
    transforms: options.transforms ?? [`${DS}enveloped-signature`, canonicalization],
    ...(reference?.uri === undefined ? { uri: '', isEmptyUri: reference === undefined } : { uri: reference.uri }),
  });
  if (options.xades === true) {
    signed.addReference({
      xpath: "//*[local-name(.)='SignedProperties']",
      digestAlgorithm: digestMethod,
      transforms: [canonicalization],
      uri: '#properties',
      type: 'http://uri.etsi.org/01903#SignedProperties',
    });
  }
  signed.computeSignature(xml, { prefix: 'ds' });
  return Buffer.from(signed.getSignedXml(), 'utf8');
}

const qualifyingProperties = (): string =>
  `<xades:QualifyingProperties xmlns:xades="${XADES}" Target="#signature">` +
  '<xades:SignedProperties Id="properties"><xades:SignedSignatureProperties>' +
  '<xades:SigningTime>2026-11-01T00:00:00Z</xades:SigningTime>' +
  '</xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties>';

/** A signed list. */
export const testTrustList = (
  signer: TestIdentity,
  now: Date,
  options: TestTrustListOptions = {},
  signature: TestSignatureOptions = {},
): Uint8Array => signTestTrustList(testTrustListXml(now, options), signer, signature);
