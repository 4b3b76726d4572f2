import type { Certificate } from '../certificate/index.js';
import { isPkiError, PkiError } from '../errors.js';
import { IssuerIndex } from '../validation/issuer-index.js';
import type { RevocationSource, RevocationState } from '../validation/revocation-source.js';
import { Freshness, type FreshnessLimits } from './freshness.js';
import { type AuthorizeListIssuer, authorizeByPath, ListIssuers } from './list-issuer.js';
import { type AskedPoint, askedPoints, continues, interimReasons, outOfScope } from './list-scope.js';
import { isListSignedBy } from './list-signature.js';
import { ALL_REASONS } from './reasons.js';
import type { RevocationList } from './revocation-list.js';
import { RevocationListIndex } from './revocation-list-index.js';
import type { RevokedEntry } from './revoked-entries.js';
import { listText, shortText, troublesText } from './texts.js';

/** Lists to judge revocation by, and how far they are relied on. */
export interface CrlRevocationInput extends FreshnessLimits {
  /** Lists that may serve; whom they come from does not matter, none of them is believed for being here. */
  readonly lists: Iterable<RevocationList> | RevocationListIndex;
  /** Certificates of issuers of lists that do not stand in the paths themselves. An index where there are many. */
  readonly certificates?: readonly Certificate[] | IssuerIndex | undefined;
  /** Whether a signer of lists leads to the same anchor; left out: by `validatePath` over `certificates`. */
  readonly authorize?: AuthorizeListIssuer | undefined;
  /** Called for each list that a state rests on, deltas included: what has to be judged anew when one of them changes. */
  readonly onUse?: ((list: RevocationList) => void) | undefined;
}

/**
 * Judges revocation by lists (RFC 5280 §6.3). `good` takes lists that cover all reasons, are authentic and current; what is missing
 * makes the state `undetermined`. Beyond the RFC a certificate also counts as revoked if an authentic list that is out of date
 * says so, unless it was only on hold: revocations do not pass.
 */
export function crlRevocation(input: CrlRevocationInput): RevocationSource {
  const inquiry = new CrlInquiry(input);
  return inquiry.source;
}

/** Deltas looked at for one list. */
const MAXIMUM_DELTAS = 8;
/**
 * Lists relied on or refused for one question, those about the issuers of lists included: strangers choose how they point to one
 * another. Lists of other distribution points count for little; authorities have thousands of them.
 */
const MAXIMUM_LISTS = 512;
const OTHERS_PER_LIST = 100;

interface Asked {
  readonly certificate: Certificate;
  readonly path: readonly Certificate[];
  readonly at: Date;
  /** Reasons covered so far: reasons_mask. */
  covered: number;
  readonly used: RevocationList[];
  readonly troubles: string[];
  /** Why a list is not about the certificate, told if there is nothing else to tell. */
  outOfScope: string | undefined;
}

type Revoked = Extract<RevocationState, { status: 'revoked' }>;

class CrlInquiry {
  private readonly lists: RevocationListIndex;
  private readonly freshness: Freshness;
  private readonly issuers: ListIssuers;
  private depth = 0;
  private work = 0;

  constructor(private readonly input: CrlRevocationInput) {
    const { lists, certificates: known = [] } = input;
    const certificates = known instanceof IssuerIndex ? known : new IssuerIndex(known);
    const authorize = input.authorize ?? authorizeByPath(certificates);
    this.lists = lists instanceof RevocationListIndex ? lists : new RevocationListIndex(lists);
    this.freshness = new Freshness(input);
    this.issuers = new ListIssuers(certificates, authorize, (path, at) => this.source(path, at));
  }

  readonly source: RevocationSource = (path, at) => {
    const [certificate] = path;
    if (certificate === undefined) return { status: 'undetermined', message: 'there is no certificate' };
    if (this.depth === 0) {
      this.work = 0;
      this.issuers.forget();
    }
    this.depth += 1;
    try {
      return this.#judge({ certificate, path, at, covered: 0, used: [], troubles: [], outOfScope: undefined });
    } catch (error) {
      if (!isPkiError(error)) throw error;
      const what = error.code === 'work-limit' ? 'its lists are too many' : 'what it says of lists cannot be read';
      return { status: 'undetermined', message: `${what}: ${error.message}` };
    } finally {
      this.depth -= 1;
    }
  };

  #judge(asked: Asked): RevocationState {
    const { certificate, used, troubles } = asked;
    let known = false;
    for (const point of askedPoints(certificate)) {
      for (const issuer of point.cRLIssuer ?? [certificate.issuer]) {
        for (const list of this.lists.complete(issuer)) {
          known = true;
          if (asked.covered === ALL_REASONS) break;
          this.#spend(1 / OTHERS_PER_LIST);
          const revoked = this.#apply(list, point, asked);
          if (revoked !== undefined) return revoked;
        }
      }
    }
    if (asked.covered === ALL_REASONS) {
      for (const list of used) this.input.onUse?.(list);
      return { status: 'good', message: `does not stand in ${troublesText(used.map(listText))}` };
    }
    if (asked.outOfScope !== undefined && troubles.length === 0) troubles.push(asked.outOfScope);
    if (asked.covered !== 0) troubles.unshift('the lists at hand do not cover all reasons');
    if (!known) troubles.push(`there is no revocation list of ${shortText(certificate.issuer)}`);
    return { status: 'undetermined', message: troublesText(troubles) };
  }

  /** RFC 5280 §6.3.3 (a) to (l) for one list seen from one point: covers reasons, finds the certificate revoked, or notes a trouble. */
  #apply(list: RevocationList, point: AskedPoint, asked: Asked): Revoked | undefined {
    const { certificate, path, at, troubles } = asked;
    const reasons = interimReasons(list, point);
    if ((reasons & ~asked.covered) === 0) return undefined;
    const aside = outOfScope(list, point, certificate);
    if (aside !== undefined) {
      asked.outOfScope ??= `${listText(list)} ${aside}`;
      return undefined;
    }
    this.#spend(1);
    const trouble = unusable(list) ?? this.freshness.ofTheFuture(list.thisUpdate, at);
    if (trouble !== undefined) {
      troubles.push(`${listText(list)} ${trouble}`);
      return undefined;
    }
    const found = this.issuers.find(list, path, at, point.cRLIssuer !== undefined);
    if (!found.ok) {
      troubles.push(found.message);
      return undefined;
    }
    const deltas = this.#deltasOf(list, found.issuer, at);
    const delta = deltas.find((one) => this.#outdated(one, at) === undefined);
    const outdated = delta === undefined ? this.#outdated(list, at) : undefined;
    let doubt = outdated;
    for (const one of [...deltas, list]) {
      const entry = one.entries.find(certificate.serialNumber, certificate.issuer);
      // What the current delta says goes before everything older (RFC 5280 §6.3.3 (j) and (k)).
      if (entry?.reason === 'removeFromCRL' && one === delta) break;
      if (entry === undefined || entry.reason === 'removeFromCRL') continue;
      const current = one === delta || (one === list && outdated === undefined);
      if (current || entry.reason !== 'certificateHold') return this.#revoked(entry, one);
      // A hold that a later, current delta no longer has is over; one that came later than everything current may stand.
      if (delta === undefined || deltas.indexOf(one) < deltas.indexOf(delta))
        doubt ??= 'has a delta that has it on hold, but is outdated';
    }
    if (doubt !== undefined) {
      troubles.push(`${listText(list)} ${doubt}`);
      return undefined;
    }
    asked.covered |= reasons;
    asked.used.push(list, ...(delta === undefined ? [] : [delta]));
    return undefined;
  }

  #spend(lists: number): void {
    this.work += lists;
    if (this.work > MAXIMUM_LISTS)
      throw new PkiError('work-limit', `more than ${MAXIMUM_LISTS} lists would have to be looked at`);
  }

  /** Authentic deltas that continue the list, newest first, outdated ones included. */
  #deltasOf(list: RevocationList, issuer: Certificate, at: Date): readonly RevocationList[] {
    return this.lists
      .deltas(list.issuer)
      .filter(
        (delta) =>
          continues(delta, list) &&
          unusable(delta) === undefined &&
          this.freshness.ofTheFuture(delta.thisUpdate, at) === undefined,
      )
      .toSorted((a, b) => ((a.number ?? 0n) < (b.number ?? 0n) ? 1 : -1))
      .slice(0, MAXIMUM_DELTAS)
      .filter((delta) => isListSignedBy(delta, issuer).ok);
  }

  #outdated(list: RevocationList, at: Date): string | undefined {
    return this.freshness.outdated(list.nextUpdate, at) ?? this.freshness.tooOld(list.thisUpdate, at);
  }

  #revoked({ revocationDate, reason }: RevokedEntry, list: RevocationList): Revoked {
    this.input.onUse?.(list);
    return { status: 'revoked', message: `stands in ${listText(list)}`, at: revocationDate, reason };
  }
}

function unusable({ unknownCriticalExtensions: unknown }: RevocationList): string | undefined {
  return unknown.length === 0 ? undefined : `has the unknown critical extension ${unknown.join(', ')}`;
}
