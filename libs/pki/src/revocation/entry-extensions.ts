import { malformed, TAG } from '../asn1/element.js';
import { readDer } from '../asn1/read-der.js';
import { oidOf, want } from '../asn1/values.js';
import { PkiError } from '../errors.js';
import { type DistinguishedName, nameKey } from '../names/index.js';
import { view } from '../octets.js';
import type { RevocationReason } from '../validation/revocation-source.js';
import { type DerScan, scannedTime } from './der-scan.js';
import { directoryNames, readGeneralNames } from './distribution-point.js';
import { reasonOf } from './reasons.js';

/** What the extensions of the entry last walked over say. Used again for each entry. */
export interface EntryExtensions {
  reason: RevocationReason;
  /** Milliseconds since 1970. */
  invalidityDate: number | undefined;
  /** Where GeneralNames of the certificateIssuer lie; both zero where there is none. */
  issuerStart: number;
  issuerEnd: number;
}

/** A fresh one, which says nothing. */
export const entryExtensions = (): EntryExtensions => ({
  reason: 'unspecified',
  invalidityDate: undefined,
  issuerStart: 0,
  issuerEnd: 0,
});

const LIMITS = { octets: 16_384, depth: 12, elements: 1024 };

/** Last octet of the object identifiers 2.5.29.n, which are 55 1D n. */
const REASON = 21;
const INVALIDITY_DATE = 24;
const CERTIFICATE_ISSUER = 29;

/**
 * Walks over crlEntryExtensions (RFC 5280 §5.3) from `start` to `limit` and writes what they say into `into`. Unknown critical ones
 * are told to `unknown`.
 * @throws PkiError `asn1-malformed`
 */
export function walkEntryExtensions(
  scan: DerScan,
  start: number,
  limit: number,
  into: EntryExtensions,
  unknown: (oid: string) => void,
): void {
  into.reason = 'unspecified';
  into.invalidityDate = undefined;
  into.issuerStart = into.issuerEnd = 0;
  let seen = 0;
  scan.want(TAG.sequence, start, limit, 'crlEntryExtensions');
  const end = scan.end;
  if (end !== limit) throw malformed('something follows the extensions of an entry');
  for (let at = scan.contentStart; at < end;) {
    scan.want(TAG.sequence, at, end, 'an extension of an entry');
    const extensionEnd = scan.end;
    const oidStart = scan.contentStart;
    scan.want(TAG.oid, oidStart, extensionEnd, 'extnID');
    const known = knownExtension(scan);
    let next = scan.end;
    const critical = scan.octets[next] === TAG.boolean;
    const oidEnd = next;
    if (critical) next = criticalMark(scan, next, extensionEnd);
    scan.want(TAG.octetString, next, extensionEnd, 'extnValue');
    if (scan.end !== extensionEnd) throw malformed('something follows the value of an extension of an entry');
    if (known !== 0) {
      if ((seen & (1 << (known - REASON))) !== 0) throw malformed('an extension of an entry occurs twice');
      seen |= 1 << (known - REASON);
      readKnown(scan, known, into);
    } else if (critical) {
      unknown(oidOf(readDer(scan.octets.subarray(oidStart, oidEnd), LIMITS), 'extnID'));
    }
    at = extensionEnd;
  }
}

/** The number n of the extension 2.5.29.n in the scan if it is one that means something here, else 0. */
function knownExtension({ octets, contentStart, end }: DerScan): number {
  if (end - contentStart !== 3 || octets[contentStart] !== 0x55 || octets[contentStart + 1] !== 0x1d) return 0;
  const n = octets[contentStart + 2] ?? 0;
  return n === REASON || n === INVALIDITY_DATE || n === CERTIFICATE_ISSUER ? n : 0;
}

/** Steps over `critical`; DER leaves FALSE out, but authorities in use write it. */
function criticalMark(scan: DerScan, start: number, limit: number): number {
  scan.want(TAG.boolean, start, limit, 'critical');
  const value = scan.octets[scan.contentStart];
  if (scan.end - scan.contentStart !== 1 || (value !== 0xff && value !== 0))
    throw malformed('critical of an extension of an entry is neither 00 nor FF');
  return scan.end;
}

function readKnown(scan: DerScan, known: number, into: EntryExtensions): void {
  const { contentStart, end } = scan;
  if (known === CERTIFICATE_ISSUER) {
    scan.want(TAG.sequence, contentStart, end, 'certificateIssuer');
    into.issuerStart = contentStart;
    into.issuerEnd = end;
  } else if (known === REASON) {
    scan.want(TAG.enumerated, contentStart, end, 'reasonCode');
    if (scan.end - scan.contentStart !== 1) throw malformed('reasonCode is not one octet');
    into.reason = reasonOf(scan.octets[scan.contentStart], 'reasonCode');
  } else {
    scan.want(TAG.generalizedTime, contentStart, end, 'invalidityDate');
    into.invalidityDate = scannedTime(scan, 'invalidityDate');
  }
  if (scan.end !== end) throw malformed('something follows the value of an extension of an entry');
}

/** Issuers that one indirect list may name: far more than authorities share a list. */
export const MAXIMUM_ISSUERS = 10_000;
/** Octets of their names together, each once. */
const MAXIMUM_ISSUER_OCTETS = 4_194_304;

/** The issuers of the certificates in an indirect list: an entry without a certificateIssuer has that of the one before. */
export class EntryIssuers {
  readonly #numbers = new Map<string, number>();
  readonly #names: (readonly DistinguishedName[])[] = [];
  readonly #starts: number[] = [];
  readonly #issuers: number[] = [];
  #octets = 0;

  /** Whether any entry names an issuer. */
  get any(): boolean {
    return this.#starts.length > 0;
  }

  /**
   * Takes note that the entry at offset `at` names these issuers (GeneralNames as DER).
   * @throws PkiError `asn1-malformed`, `too-large`
   */
  add(at: number, names: Uint8Array): void {
    const text = view(names).toString('latin1');
    let number = this.#numbers.get(text);
    if (number === undefined) {
      this.#octets += names.length;
      if (this.#names.length >= MAXIMUM_ISSUERS || this.#octets > MAXIMUM_ISSUER_OCTETS) {
        const most = `${MAXIMUM_ISSUERS} issuers of certificates, or ${MAXIMUM_ISSUER_OCTETS} octets of their names,`;
        throw new PkiError('too-large', `more than ${most} in one list`);
      }
      const element = want(readDer(names, LIMITS), TAG.sequence, 'certificateIssuer');
      const issuers = directoryNames(readGeneralNames(element, 'certificateIssuer'), 'certificateIssuer');
      number = this.#names.length;
      this.#names.push(issuers);
      this.#numbers.set(text, number);
    }
    if (this.#issuers.at(-1) === number) return;
    this.#starts.push(at);
    this.#issuers.push(number);
  }

  /**
   * Name keys of the issuer of the entry at offset `at`; undefined: the issuer of the list. They are made for the few that are asked
   * about: preparing a name (RFC 5280 §7.1) can make it many times as long as it came.
   */
  at(at: number): readonly string[] | undefined {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : this.#names[this.#issuers[low - 1] ?? -1]?.map(nameKey);
  }
}
