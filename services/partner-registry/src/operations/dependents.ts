import type { CertificateSummary, Issuer, IssuerSupposition, ValidationVerdict } from '@certlane/contracts';
import { readCertificate } from '@certlane/pki';
import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Authorities, type SupposedAuthority } from '../domain/dependents.js';
import { summaryOfFiled } from '../domain/filing.js';
import type { FiledCertificate, PartnerRecord } from '../domain/records.js';
import { phaseAt } from '../domain/usage-line.js';
import type { Issuers } from '../ports/issuers.js';
import type { Partners } from '../ports/partners.js';
import { ISSUERS, PARTNERS, VALIDATOR } from '../ports/tokens.js';
import type { Circumstances, Validator } from '../ports/validator.js';

/** Records that one request looks at: a third of a second, however many partners there are. */
const LOOKED_AT = 1_000;
/** Certificates that one request asks about, beyond those of one partner: some tenths of a second. */
const ASKED = 100;
/** Questions under way at once. */
const UNDER_WAY = 8;
/** What comes along with a certificate at most. */
const CHAIN = 16;

/** Whether an authority is revoked is asked with what stands below it. */
const OF_AUTHORITIES = { revocation: 'off', weakKeys: true } as const;

/** What is supposed of which authorities. */
export interface SupposedChange {
  /** Fingerprints. */
  readonly issuers: readonly string[];
  readonly are: IssuerSupposition;
}

/** A certificate that would fall. */
type Fallen = CertificateSummary & {
  /** It would not where the partner sends the authorities between along. */
  readonly trustedWithChain: boolean;
};

/** What of a partner would fall. */
export interface Dependence {
  readonly record: PartnerRecord;
  /** Where the page behind it begins. */
  readonly place: string;
  /** Identification entries that name one of the authorities. */
  readonly entries: number;
  readonly certificates: readonly Fallen[];
}

/** A page of partners that depend on some authorities. */
export interface DependencePage {
  readonly partners: readonly Dependence[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string | undefined;
}

/** Says who depends on authorities: by judging each certificate that may do so as it is, and as it would be. */
@Injectable()
export class Dependents {
  readonly #partners: Partners;
  readonly #issuers: Issuers;
  readonly #validator: Validator;
  readonly #clock: Clock;

  constructor(
    @Inject(PARTNERS) partners: Partners,
    @Inject(ISSUERS) issuers: Issuers,
    @Inject(VALIDATOR) validator: Validator,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#partners = partners;
    this.#issuers = issuers;
    this.#validator = validator;
    this.#clock = clock;
  }

  /** @throws {CertlaneError} `unavailable` when ca-store does not answer; `invalid-argument` for a page that nobody gave */
  async page(change: SupposedChange, after: string | undefined): Promise<DependencePage> {
    const now = this.#clock.now();
    const [known, { partners, next }] = await Promise.all([
      Promise.all([...new Set(change.issuers)].map((one) => this.#supposed(one, change))),
      this.#partners.list({ limit: LOOKED_AT, after }),
    ]);
    const authorities = new Authorities(known);
    const chain = new Map(known.map(({ fingerprint, certificate }) => [fingerprint, certificate]));
    const looked: { record: PartnerRecord; place: string; entries: number; fallen: Fallen[] }[] = [];
    const questions: { record: PartnerRecord; certificate: FiledCertificate; fallen: Fallen[] }[] = [];
    for (const { record, place } of partners) {
      const fallen: Fallen[] = [];
      looked.push({ record, place, entries: authorities.entries(record), fallen });
      questions.push(...authorities.candidates(record, now).map((certificate) => ({ record, certificate, fallen })));
      if (questions.length >= ASKED) break;
    }
    await someAtOnce(questions, async ({ record, certificate, fallen }) => {
      const found = await this.#fall(certificate, record, change, chain);
      if (found !== undefined) fallen.push(found);
    });
    return {
      partners: looked
        .filter(({ entries, fallen }) => entries > 0 || fallen.length > 0)
        .map(({ fallen, ...rest }) => ({ ...rest, certificates: inOrder(fallen) })),
      next: looked.length < partners.length ? looked.at(-1)?.place : next,
    };
  }

  async #supposed(fingerprint: string, change: SupposedChange): Promise<SupposedAuthority> {
    const known = await this.#issuers.get(fingerprint);
    if (known === undefined) return { fingerprint, stillCarries: false };
    const { issuer, below } = known;
    const certificate = readCertificate(Buffer.from(issuer.certificate, 'base64'));
    const isListed = change.are !== 'unknown' && issuer.lists.length > 0;
    const stillCarries = isListed || (change.are === 'verification-only' && (await this.#isCarried(issuer, change)));
    return { fingerprint, certificate, below, stillCarries };
  }

  /** Whether another authority carries one that is known for verification only, and what is below it. */
  async #isCarried({ certificate }: Issuer, supposing: SupposedChange): Promise<boolean> {
    const { trusted, anchor } = await this.#validator.validate(certificate, OF_AUTHORITIES, { supposing });
    // A list of level oftp2 vouches for what its authorities issued themselves, and no further down.
    return trusted && anchor?.level !== 'oftp2';
  }

  /** How a certificate would fall; undefined: it would not, or nobody trusts it as it is. */
  async #fall(
    filed: FiledCertificate,
    partner: PartnerRecord,
    supposing: SupposedChange,
    certificates: ReadonlyMap<string, SupposedAuthority['certificate']>,
  ): Promise<Fallen | undefined> {
    // What no list can say yet stands against nothing: lists of the day on which it becomes valid are still to come.
    const scheduled = phaseAt(filed, this.#clock.now()) === 'scheduled';
    const at = scheduled ? new Date(filed.notBefore) : undefined;
    const terms = scheduled ? ({ revocation: 'off', weakKeys: partner.weakKeys } as const) : partner;
    const judge = (circumstances: Circumstances): Promise<ValidationVerdict> =>
      this.#validator.validate(filed.certificate, terms, { at, ...circumstances });
    const present = await judge({});
    if (!present.trusted || (await judge({ supposing })).trusted) return undefined;
    const chain = present.path.flatMap((one) => sendable(certificates.get(one))).slice(0, CHAIN);
    const trustedWithChain = chain.length > 0 && (await judge({ supposing, chain })).trusted;
    return { ...summaryOfFiled(filed), trustedWithChain };
  }
}

/** A root is not sent along, and would help nobody. */
function sendable(certificate: SupposedAuthority['certificate']): string[] {
  return certificate === undefined || certificate.selfIssued ? [] : [Buffer.from(certificate.der).toString('base64')];
}

/** They come as they are answered; shown is the same list each time. */
function inOrder(fallen: readonly Fallen[]): readonly Fallen[] {
  return fallen.toSorted(
    (a, b) => a.notBefore.localeCompare(b.notBefore) || a.fingerprint.localeCompare(b.fingerprint),
  );
}

async function someAtOnce<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values();
  const turn = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, turn));
}
