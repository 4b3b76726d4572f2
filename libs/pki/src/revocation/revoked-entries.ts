import { malformed, TAG } from '../asn1/element.js';
import { PkiError } from '../errors.js';
import { type DistinguishedName, nameKey } from '../names/index.js';
import { fromHex, sameOctets } from '../octets.js';
import type { RevocationReason } from '../validation/revocation-source.js';
import { DerScan, scannedTime } from './der-scan.js';
import { entryExtensions, EntryIssuers, MAXIMUM_ISSUERS, walkEntryExtensions } from './entry-extensions.js';

/** What a list says about one certificate. */
export interface RevokedEntry {
  readonly revocationDate: Date;
  /** `unspecified` where the entry gives none (RFC 5280 §5.3.1). */
  readonly reason: RevocationReason;
  /** Since when the key may have been compromised (RFC 5280 §5.3.2). */
  readonly invalidityDate: Date | undefined;
}

/** Where the entries of a list lie in its DER. */
export interface EntriesPlace {
  readonly der: Uint8Array;
  /** Content of revokedCertificates; both zero where there is none. */
  readonly start: number;
  readonly end: number;
  readonly version: 1 | 2;
  readonly issuer: DistinguishedName;
  readonly maximum: number;
  readonly unknown: (oid: string) => void;
}

/** RFC 5280 §4.1.2.2 allows 20; the same bound as for serial numbers in certificates. */
const MAXIMUM_SERIAL_OCTETS = 32;

/** Entries with one hash of their serial number: a million of them bring three or four. */
const MAXIMUM_ALIKE = 64;

/** Which half of eight octets is the low one on this machine. */
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

/**
 * The entries of a list, which stay DER: beside it there are eight octets per entry, the hash of its serial number over its
 * offset, sorted as one number. A look-up is a binary search for the hash and then a comparison of octets.
 *
 * Every entry is read once when the list is, so that a broken one refuses the list and not a later question.
 */
export class RevokedEntries {
  /** How many there are. */
  readonly size: number;
  /** Whether entries name the issuers of their certificates, as only those of indirect lists may. */
  readonly namesIssuers: boolean;

  readonly #words: Uint32Array;
  readonly #scan: DerScan;
  readonly #issuers = new EntryIssuers();
  readonly #listIssuer: string;
  readonly #end: number;

  /** @throws PkiError `asn1-malformed`, `too-large` */
  constructor(place: EntriesPlace) {
    this.#scan = new DerScan(place.der);
    this.#listIssuer = nameKey(place.issuer);
    this.#end = place.end;
    this.size = count(this.#scan, place);
    const sorted = new BigUint64Array(this.size);
    this.#words = new Uint32Array(sorted.buffer);
    this.#index(place);
    sorted.sort();
    this.namesIssuers = this.#issuers.any;
    this.#checkRuns(this.namesIssuers ? MAXIMUM_ISSUERS : MAXIMUM_ALIKE);
  }

  /**
   * The entry for a certificate by its serial number (the form of `Certificate.serialNumber`) and issuer. If there are several,
   * one that revokes wins.
   */
  find(serialNumber: string, issuer: DistinguishedName): RevokedEntry | undefined {
    const serial = serialContent(serialNumber);
    const hash = hashOf(serial, 0, serial.length);
    const issuerKey = nameKey(issuer);
    let found: RevokedEntry | undefined;
    for (let at = this.#lowerBound(hash); at < this.size && this.#word(at, 1) === hash; at += 1) {
      const offset = this.#word(at, 0);
      if (!this.#isFor(offset, serial) || !this.#isOf(offset, issuerKey)) continue;
      const entry = this.#entryAt(offset);
      if (entry.reason !== 'removeFromCRL') return entry;
      found = entry;
    }
    return found;
  }

  #index({ der, start, end, version, unknown }: EntriesPlace): void {
    const scan = this.#scan;
    const extensions = entryExtensions();
    let number = 0;
    for (let at = start; at < end; number += 1) {
      scan.want(TAG.sequence, at, end, 'an entry of revokedCertificates');
      const entryEnd = scan.end;
      scan.want(TAG.integer, scan.contentStart, entryEnd, 'userCertificate');
      checkSerial(scan);
      this.#words[2 * number + LOW] = at;
      this.#words[2 * number + 1 - LOW] = hashOf(der, scan.contentStart, scan.end);
      scan.read(scan.end, entryEnd);
      scannedTime(scan, 'revocationDate');
      if (scan.end < entryEnd) {
        if (version === 1) throw malformed('an entry of a list of version 1 has extensions');
        walkEntryExtensions(scan, scan.end, entryEnd, extensions, unknown);
        if (extensions.issuerEnd > 0) this.#issuers.add(at, der.subarray(extensions.issuerStart, extensions.issuerEnd));
      }
      at = entryEnd;
    }
  }

  /** A certificate stands in a list once, so a run of entries alike is there only to make look-ups slow. */
  #checkRuns(maximum: number): void {
    for (let at = maximum; at < this.size; at += 1) {
      if (this.#word(at, 1) === this.#word(at - maximum, 1))
        throw malformed(`more than ${maximum} entries have the same or a colliding serial number`);
    }
  }

  #word(entry: number, half: 0 | 1): number {
    return this.#words[2 * entry + (half === 0 ? LOW : 1 - LOW)] ?? 0;
  }

  #lowerBound(hash: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#word(middle, 1) < hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isFor(offset: number, serial: Uint8Array): boolean {
    const scan = this.#scan;
    scan.read(offset, this.#end);
    scan.read(scan.contentStart, scan.end);
    return sameOctets(scan.octets.subarray(scan.contentStart, scan.end), serial);
  }

  #isOf(offset: number, issuerKey: string): boolean {
    const named = this.#issuers.at(offset);
    return named === undefined ? issuerKey === this.#listIssuer : named.includes(issuerKey);
  }

  #entryAt(offset: number): RevokedEntry {
    const scan = this.#scan;
    scan.read(offset, this.#end);
    const end = scan.end;
    scan.read(scan.contentStart, end);
    scan.read(scan.end, end);
    const revocationDate = new Date(scannedTime(scan, 'revocationDate'));
    const extensions = entryExtensions();
    if (scan.end < end) walkEntryExtensions(scan, scan.end, end, extensions, () => undefined);
    const { reason, invalidityDate } = extensions;
    return {
      revocationDate,
      reason,
      invalidityDate: invalidityDate === undefined ? undefined : new Date(invalidityDate),
    };
  }
}

function count(scan: DerScan, { start, end, maximum }: EntriesPlace): number {
  let entries = 0;
  for (let at = start; at < end; at = scan.end) {
    entries += 1;
    if (entries > maximum) throw new PkiError('too-large', `more than ${maximum} entries`);
    scan.read(at, end);
  }
  return entries;
}

function checkSerial({ octets, contentStart, end }: DerScan): void {
  const first = octets[contentStart] ?? 0;
  const second = octets[contentStart + 1] ?? 0;
  const length = end - contentStart;
  if (length === 0 || length > MAXIMUM_SERIAL_OCTETS) throw malformed(`userCertificate has ${length} octets`);
  if (length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw malformed('userCertificate is an integer not in its shortest form');
}

/** FNV-1a. That somebody makes serial numbers that collide is seen to when the list is read. */
function hashOf(octets: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (octets[at] ?? 0), 0x01000193);
  return hash >>> 0;
}

/** The content of the INTEGER for a serial number in the form of `Certificate.serialNumber`. */
export function serialContent(serialNumber: string): Uint8Array {
  if (!serialNumber.startsWith('-')) {
    const octets = fromHex(serialNumber);
    return (octets[0] ?? 0) < 0x80 ? octets : Uint8Array.of(0, ...octets);
  }
  const magnitude = BigInt(`0x${serialNumber.slice(1)}`);
  let bits = 8n;
  while (magnitude > 1n << (bits - 1n)) bits += 8n;
  return fromHex(((1n << bits) - magnitude).toString(16).padStart(Number(bits / 4n), '0'));
}
