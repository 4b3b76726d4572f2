import { createHash } from 'node:crypto';
import { type Asn1Element, contextConstructed, malformed, TAG } from '../asn1/element.js';
import { isPem, readPem } from '../asn1/pem.js';
import { readDer } from '../asn1/read-der.js';
import { bitOctetsOf, smallIntegerOf } from '../asn1/values.js';
import { PkiError, refusingAs } from '../errors.js';
import { readSignatureAlgorithm } from '../certificate/signature-algorithm.js';
import { readName } from '../names/name-der.js';
import { plain, sameOctets } from '../octets.js';
import { DerScan, scannedTime } from './der-scan.js';
import { readListExtensions } from './list-extensions.js';
import { REVOCATION_LIST_LIMITS, type RevocationList, type RevocationListLimits } from './revocation-list.js';
import { RevokedEntries } from './revoked-entries.js';

/** Everything but the entries. */
const PART_LIMITS = { octets: 262_144, depth: 20, elements: 16_384 };

/**
 * Reads one revocation list in DER, or in PEM as some servers publish it. Reading says nothing about signature or dates. A copy of
 * the octets is kept, since others rely on the list not to change.
 * @throws PkiError `crl-malformed`, `trailing-octets`, `too-large`
 */
export function readRevocationList(
  octets: Uint8Array,
  limits: RevocationListLimits = REVOCATION_LIST_LIMITS,
): RevocationList {
  return refusingAs('crl-malformed', 'The revocation list cannot be read', () => {
    // Base64 makes four octets of three.
    if (octets.length > limits.octets && !(isPem(octets) && octets.length <= limits.octets * 1.5)) {
      throw new PkiError('too-large', `${octets.length} octets where at most ${limits.octets} are accepted`);
    }
    return listOf(isPem(octets) ? fromPem(octets) : plain(octets), limits);
  });
}

function fromPem(octets: Uint8Array): Uint8Array {
  const [block, more] = readPem(octets);
  if (block?.label !== 'X509 CRL' || more !== undefined) throw malformed('the PEM text is not one block "X509 CRL"');
  return block.octets;
}

function listOf(der: Uint8Array, limits: RevocationListLimits): RevocationList {
  const scan = new DerScan(der);
  scan.want(TAG.sequence, 0, der.length, 'CertificateList');
  if (scan.end !== der.length)
    throw new PkiError('trailing-octets', `${der.length - scan.end} octets follow the end of the list`);
  const outer = new PartReader(scan, scan.contentStart, scan.end);
  const tbs = outer.place(TAG.sequence, 'tbsCertList');
  const outerAlgorithm = outer.required(TAG.sequence, 'signatureAlgorithm');
  const signature = bitOctetsOf(outer.required(TAG.bitString, 'signatureValue'), 'signatureValue');
  outer.finish('CertificateList');

  const fields = new PartReader(scan, tbs.contentStart, tbs.end);
  const version = versionOf(fields.optional(TAG.integer));
  const innerAlgorithm = fields.required(TAG.sequence, 'signature');
  const issuer = readName(fields.required(TAG.sequence, 'issuer'), 'issuer');
  if (issuer.length === 0) throw malformed('the issuer is empty');
  const thisUpdate = fields.time('thisUpdate');
  const nextTag = fields.nextTag;
  const nextUpdate = nextTag === TAG.utcTime || nextTag === TAG.generalizedTime ? fields.time('nextUpdate') : undefined;
  const revoked = fields.nextTag === TAG.sequence ? fields.place(TAG.sequence, 'revokedCertificates') : undefined;
  const extensions = extensionList(fields.optional(contextConstructed(0)));
  fields.finish('tbsCertList');
  if (extensions !== undefined && version === 1) throw malformed('a list of version 1 has extensions');
  // RFC 5280 §5.1.1.2: the two must be the same, else the outer one could be exchanged unnoticed.
  if (!sameOctets(outerAlgorithm.octets, innerAlgorithm.octets))
    throw malformed('the two signature algorithms of the list differ');
  if (nextUpdate !== undefined && nextUpdate.getTime() < thisUpdate.getTime())
    throw malformed('nextUpdate is before thisUpdate');

  const said = readListExtensions(extensions);
  const unknown = new Set(said.unknownCriticalExtensions);
  const entries = new RevokedEntries({
    der,
    start: revoked?.contentStart ?? 0,
    end: revoked?.end ?? 0,
    version,
    issuer,
    maximum: limits.entries,
    unknown: (oid) => unknown.size < MAXIMUM_UNKNOWN && unknown.add(oid),
  });
  // RFC 5280 §5.3.3
  if (entries.namesIssuers && said.issuingDistributionPoint?.indirectCRL !== true)
    throw malformed('entries name issuers of certificates, but the list is not indirect');
  return Object.freeze({
    der,
    fingerprint: createHash('sha256').update(der).digest('hex'),
    version,
    issuer,
    thisUpdate,
    nextUpdate,
    signatureAlgorithm: readSignatureAlgorithm(innerAlgorithm),
    signature,
    tbsCertList: der.subarray(tbs.start, tbs.end),
    ...said,
    entries,
    unknownCriticalExtensions: [...unknown],
  });
}

/** Unknown extensions told: one is enough to make a list useless. */
const MAXIMUM_UNKNOWN = 8;

function versionOf(element: Asn1Element | undefined): 1 | 2 {
  if (element === undefined) return 1;
  const value = smallIntegerOf(element, 'version');
  if (value !== 1) throw malformed(`the version is ${value}`);
  return 2;
}

function extensionList(element: Asn1Element | undefined): Asn1Element | undefined {
  if (element === undefined) return undefined;
  const [list, more] = element.children;
  if (list?.tag !== TAG.sequence || more !== undefined) throw malformed('the extensions are not one list');
  return list;
}

/** Takes the parts of a sequence one by one without reading into those that may be large. */
class PartReader {
  constructor(
    private readonly scan: DerScan,
    private at: number,
    private readonly end: number,
  ) {}

  get nextTag(): number | undefined {
    return this.at < this.end ? this.scan.octets[this.at] : undefined;
  }

  /** Where the next part lies, which must be of `tag`. */
  place(tag: number, what: string): { start: number; contentStart: number; end: number } {
    const { scan, at: start } = this;
    scan.want(tag, start, this.end, what);
    this.at = scan.end;
    return { start, contentStart: scan.contentStart, end: scan.end };
  }

  required(tag: number, what: string): Asn1Element {
    const { start, end } = this.place(tag, what);
    return readDer(this.scan.octets.subarray(start, end), PART_LIMITS);
  }

  optional(tag: number): Asn1Element | undefined {
    return this.nextTag === tag ? this.required(tag, 'an optional part') : undefined;
  }

  time(what: string): Date {
    if (this.at >= this.end) throw malformed(`${what} is missing`);
    this.scan.read(this.at, this.end);
    this.at = this.scan.end;
    return new Date(scannedTime(this.scan, what));
  }

  finish(what: string): void {
    if (this.at !== this.end) throw malformed(`${what} goes on after its last part`);
  }
}
