import type { IssuerPurpose, TrustListLevel, TrustListView } from '@certlane/contracts';
import type {
  Certificate,
  IssuerIndex,
  OcspAnswer,
  OcspResponse,
  RevocationList,
  RevocationListIndex,
} from '@certlane/pki';
import type { ListedAuthority } from '@certlane/pki/trust-list';
import type { OutboxMessage } from '@certlane/runtime';

/** An issuer that was installed by hand. */
export interface InstalledIssuer {
  readonly certificate: Certificate;
  /** Its own issuer, by name and by key. */
  readonly selfSigned: boolean;
  readonly purpose: IssuerPurpose;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by?: string | undefined;
}

/**
 * What is known of the reading of an address. Nothing in it decides a verdict: a change of it alone leaves {@link TrustView.version} as
 * it is.
 */
export interface ReadingRecord {
  readonly lastTry?: TrustListView['lastTry'];
  /** ISO 8601, UTC: when it is read next; absent: not by itself. */
  readonly nextTry?: string | undefined;
  /** Tries that failed in a row. */
  readonly failures: number;
  /** Of the last answer that was taken: sent back with the next request. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** The reason of a failure that was told as an event, until it is good again. */
  readonly told?: string | undefined;
}

/** A certificate that signs a trust list, or is to. */
export interface PinnedSigner {
  readonly certificate: Certificate;
  readonly pinned: TrustListView['signers'][number]['pinned'];
  readonly at: string;
  readonly by?: string | undefined;
  readonly confirmedBy?: string | undefined;
}

/** An edition of a trust list that was verified and taken. */
export interface TrustListEdition {
  /** Name of its octets in {@link Contents}; they are kept as long as the edition is in use. */
  readonly content: string;
  /** SHA-256 of its signed octets, lower-case hex. */
  readonly digest: string;
  readonly schemeName?: string | undefined;
  readonly operatorName?: string | undefined;
  readonly sequenceNumber: number;
  readonly issuedAt: string;
  readonly nextUpdate?: string | undefined;
  readonly takenAt: string;
  /**
   * Those in accord whose status was in force when it was taken, of the level of the list: each is an anchor, its `above` are not. Each
   * can be shown as `certificateSummary`.
   */
  readonly authorities: readonly ListedAuthority[];
  /** What was passed over. */
  readonly broken: TrustListView['broken'];
}

/** A trust list that is followed. Its state (`current`, `out-of-date`) is a matter of the clock and not kept. */
export interface FollowedList extends ReadingRecord {
  readonly name: string;
  readonly level: TrustListLevel;
  readonly url?: string | undefined;
  readonly signers: readonly PinnedSigner[];
  /** The last good one; absent: none was good yet. */
  readonly edition?: TrustListEdition | undefined;
  /** Of the small text beside the list: when it was changed last. */
  readonly updateTime?: string | undefined;
}

/** A revocation list, or a place where one should be. */
export interface KnownRevocationList extends ReadingRecord {
  /** As the contract says: SHA-256 over its address, or over its issuer and scope where it was imported. */
  readonly id: string;
  readonly url?: string | undefined;
  /** Absent: never read. Its freshness is a matter of the clock and not kept. */
  readonly list?: RevocationList | undefined;
  readonly origin?: 'fetched' | 'imported' | undefined;
  readonly takenAt?: string | undefined;
  /** When a validation last lacked it or relied on it; for giving up what nobody needs. */
  readonly wantedAt?: string | undefined;
  /**
   * Issuers of the certificates that named the address in validations: whose list it is to be, and who may sign it although no path
   * ends at them. 8 at most.
   */
  readonly issuers?: readonly Certificate[] | undefined;
}

/** The last OCSP answer about a certificate, or a responder that should give one. */
export interface KnownAnswer extends ReadingRecord {
  /** SHA-256 over fingerprint and address. */
  readonly id: string;
  /** What it is about, and who issued that: both are needed to ask again. */
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly url: string;
  readonly answer?:
    | {
        /** Name of its octets in {@link Contents}: SHA-256. */
        readonly content: string;
        /** DER as it came; `response` is what is read in it. */
        readonly octets: Uint8Array;
        readonly response: OcspResponse;
        readonly takenAt: string;
      }
    | undefined;
  readonly wantedAt?: string | undefined;
}

/** An authority of a trust list with the list it stands on. */
export interface Listing {
  readonly list: string;
  readonly sequenceNumber: number;
  readonly authority: ListedAuthority;
}

/**
 * The trust state at one version: immutable, and whole. Whoever holds one sees nothing of later changes, and two that are held side by
 * side share what is equal.
 */
export interface TrustView {
  /** Grows with every change on which a verdict can depend; two views of one version give the same verdicts at the same time. */
  readonly version: number;

  /** Installed issuers by fingerprint. */
  readonly issuers: ReadonlyMap<string, InstalledIssuer>;
  /** Trust lists by name. */
  readonly trustLists: ReadonlyMap<string, FollowedList>;
  /** Revocation lists by id. */
  readonly revocationLists: ReadonlyMap<string, KnownRevocationList>;
  /** OCSP answers by id. */
  readonly answers: ReadonlyMap<string, KnownAnswer>;

  /** Issuers installed for `oftp2`, and authorities in accord on a list of whatever level: where a path may end. */
  readonly anchors: IssuerIndex;
  /** Those of {@link anchors} below which other authorities may stand: installed ones, and those of `basic` lists. */
  readonly deepAnchors: IssuerIndex;
  /** Issuers installed for `verification-only`, and what stands above listed authorities: they complete paths and end none. */
  readonly others: IssuerIndex;
  /** What stands above listed authorities, for telling why a certificate that it issued itself is refused. */
  readonly aboveListed: IssuerIndex;
  /** Every certificate of the three kinds: who may have signed a revocation list. */
  readonly known: IssuerIndex;
  /** Where a certificate stands on lists as an authority in accord. */
  listings(fingerprint: string): readonly Listing[];
  /** Listed authorities that have this certificate above them. */
  listingsBelow(fingerprint: string): readonly Listing[];

  /** Every revocation list at hand. */
  readonly lists: RevocationListIndex;
  /** Serial numbers on all of them, and their octets. */
  readonly revokedEntries: number;
  readonly revocationOctets: number;
  /** Answers about a certificate. */
  answersAbout(fingerprint: string): readonly OcspAnswer[];
}

/** What to put in place (by its key: whatever was there is replaced) and what to take out. */
export interface Edit<Entry> {
  readonly put?: readonly Entry[];
  /** Keys: fingerprints, names, ids. One that is not there is no matter. */
  readonly remove?: readonly string[];
}

/** A decided change. All of it, with its messages, is one write: it stands or it does not. */
export interface TrustChange<Result> {
  readonly issuers?: Edit<InstalledIssuer>;
  readonly trustLists?: Edit<FollowedList>;
  readonly revocationLists?: Edit<KnownRevocationList>;
  readonly answers?: Edit<KnownAnswer>;
  /** With the state they stay below the 1,000,000 octets of a document: {@link MESSAGE_OCTETS} of them, as JSON, at most. */
  readonly messages?: readonly OutboxMessage[];
  readonly result: Result;
}

/** Octets of the messages of one change. */
export const MESSAGE_OCTETS = 500_000;

/** Issuers, trust lists, revocation lists and OCSP answers, as all replicas share them. */
export interface TrustState {
  /**
   * The state as the last acknowledged change left it, by whichever replica it was made. Every call reads the small document that says
   * what is in force, and loads what changed since the last one.
   * @throws {CertlaneError} `unavailable` when the store does not answer: there is no verdict without the whole state
   */
  current(): Promise<TrustView>;
  /**
   * Decides on the present state and writes the decision: contents first, then what names them. It is decided anew when another writer
   * was faster, so `decide` may run several times and must not act itself. Many edits in one change are one write.
   * A change without edits writes nothing.
   * @throws {CertlaneError} `failed-precondition` naming the limit and the remedy when there would be more than may be; `conflict`
   *   after many lost races; `unavailable`: the change may or may not stand; and whatever `decide` throws
   */
  change<Result>(decide: (view: TrustView) => TrustChange<Result> | Promise<TrustChange<Result>>): Promise<Result>;
}

/** {@link TrustState} */
export const TRUST_STATE = Symbol('ca:trust-state');
