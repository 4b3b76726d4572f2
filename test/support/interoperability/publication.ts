import type { TrustListLevel } from '@certlane/pki/trust-list';
import { Publisher } from '../publisher.js';
import { ocspResponder, type ResponderOptions } from '../publisher/ocsp-responder.js';
import { pathsOf } from './authorities.js';
import {
  type InteroperabilitySet,
  interoperabilitySet,
  type ListWish,
  type Revocable,
  type SetOptions,
} from './interoperability-set.js';
import type { Revocation } from './revocations.js';
import { AUTHORITIES, type AuthorityName } from './roles.js';
import { TRUST_LIST_PATHS, type TrustListWish } from './trust-lists.js';

const DAY = 86_400_000;
const NAMES = Object.keys(AUTHORITIES) as readonly AuthorityName[];

/** What can be wrong with a list that arrives as it should. */
export type ListFault = 'stale' | 'wrong-signer' | 'altered';

/** The interoperability set with all that belongs to it on a publisher, where its certificates say. */
export class Publication implements AsyncDisposable {
  private constructor(
    readonly publisher: Publisher,
    readonly set: InteroperabilitySet,
  ) {}

  /** Publishes the lists of all authorities, both trust lists with their `.upd`, and the responders if asked for. */
  static async open({ responders = false, ...options }: Omit<SetOptions, 'baseUrl'>): Promise<Publication> {
    const publisher = await Publisher.listen();
    const set = await interoperabilitySet({ ...options, responders, baseUrl: publisher.url });
    const publication = new Publication(publisher, set);
    for (const name of NAMES) publication.publishRevocationList(name);
    for (const level of ['basic', 'oftp2'] as const) publication.publishTrustList({ level });
    if (responders) for (const name of NAMES) publication.publishResponder(name);
    return publication;
  }

  /** Paths on the publisher, for its counts and its misbehaviour. */
  readonly paths = { ofAuthority: pathsOf, ofTrustList: (level: TrustListLevel) => TRUST_LIST_PATHS[level] };

  /** Address of a trust list. */
  trustListUrl(level: TrustListLevel = 'oftp2'): string {
    return this.publisher.url + TRUST_LIST_PATHS[level].list;
  }

  /** Address of an authority's revocation list. */
  revocationListUrl(name: AuthorityName): string {
    return this.publisher.url + pathsOf(name).revocationList;
  }

  /** Revokes, and publishes the new list of the authority that issued it. */
  revoke(which: Revocable, revocation: Revocation = {}): void {
    this.publisher.publish(pathsOf(this.set.issuerOf(which)).revocationList, this.set.revoke(which, revocation));
  }

  /** Publishes the list of an authority as it is now, or as `options` want it. */
  publishRevocationList(name: AuthorityName, options: ListWish = {}): void {
    this.publisher.publish(pathsOf(name).revocationList, this.set.revocationList(name, options));
  }

  /** Publishes a list of an authority that arrives well and must not be believed. */
  publishBadRevocationList(name: AuthorityName, fault: ListFault): void {
    const { now, signers } = this.set;
    const path = pathsOf(name).revocationList;
    if (fault === 'altered') this.publisher.publish(path, altered(this.set.revocationList(name)));
    else if (fault === 'wrong-signer') this.publishRevocationList(name, { signedWith: signers.next.privateKey });
    else {
      const [thisUpdate, nextUpdate] = [16, 9].map((days) => new Date(now.getTime() - days * DAY));
      this.publishRevocationList(name, { thisUpdate: thisUpdate!, nextUpdate: nextUpdate! });
    }
  }

  /** Publishes a trust list with its `.upd`. */
  publishTrustList(wish: TrustListWish = {}): void {
    const { list, update } = TRUST_LIST_PATHS[wish.level ?? 'oftp2'];
    this.publisher.publish(list, this.set.trustList(wish));
    this.publisher.publish(update, this.set.updateText(wish));
  }

  /** Publishes a trust list that arrives well and must not be taken; its `.upd` says that it is new. */
  publishBadTrustList(fault: ListFault, wish: TrustListWish = {}): void {
    const { now, signers } = this.set;
    if (fault === 'altered') {
      this.publishTrustList(wish);
      const { list } = TRUST_LIST_PATHS[wish.level ?? 'oftp2'];
      const text = Buffer.from(this.set.trustList(wish)).toString('utf8');
      this.publisher.publish(list, text.replace('Company A OFTP2 CA', 'Company Z OFTP2 CA'));
    } else if (fault === 'wrong-signer') this.publishTrustList({ ...wish, signedBy: signers.next });
    else {
      const [issuedAt, nextUpdate] = [30, 1].map((days) => new Date(now.getTime() - days * DAY));
      this.publishTrustList({ ...wish, issuedAt: issuedAt!, nextUpdate: nextUpdate! });
    }
  }

  /** Answers OCSP for what an authority issued in the set, by what was revoked so far; `options` make the answers unsound. */
  publishResponder(name: AuthorityName, options: Partial<ResponderOptions> = {}): void {
    const issued = this.set.issuedBy(name);
    const responder = ocspResponder({
      authority: this.set.authorities[name],
      certificates: issued.map(({ certificate }) => certificate),
      statusOf: ({ fingerprint }) => {
        const which = issued.find(({ certificate }) => certificate.fingerprint === fingerprint);
        return { status: (which && this.set.revocationOf(which.name)) ?? 'good' };
      },
      ...options,
    });
    this.publisher.respond(pathsOf(name).responder, responder);
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** One bit of the signature is another: it can be read and is not authentic. */
function altered(octets: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(octets);
  const at = octets.length - 20;
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}
