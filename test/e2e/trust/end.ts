import {
  eventType,
  exchangeRequests,
  registry,
  type DataOf,
  type EventContract,
  type Exchange,
  type ExchangeKind,
  type Partner,
  type PartnerRef,
  type RequestOf,
  type Usage,
} from '@certlane/contracts';
import type { TestIdentity } from '@certlane/pki/testing';
import type { InteroperabilitySet } from '../../support/interoperability/interoperability-set.js';
import type { Label } from '../../support/interoperability/roles.js';
import { eventually } from '../../support/eventually.js';
import { ALL_USAGES } from '../../support/operator.js';
import type { Site } from './company.js';

/** All stations and partners have the same: nothing here is about passwords. */
export const PASSWORD = 'SECRET';

/** What serves a station that TLS does not show: {@link ALL_USAGES} without `tls`. */
export const USAGES: readonly Usage[] = ALL_USAGES.filter((usage) => usage !== 'tls');

/** A certificate as requests carry it. */
export const base64 = ({ certificate }: Pick<TestIdentity, 'certificate'>): string =>
  Buffer.from(certificate.der).toString('base64');

/** Settings of a partner in a test. */
export type Settings = Partial<Omit<RequestOf<typeof registry.partnerAdd>, 'password'>>;

/** One side of a relation: what a company's station knows of its partner, and what it does with it. */
export class End {
  constructor(
    readonly site: Site,
    readonly ref: PartnerRef,
    private readonly set: InteroperabilitySet,
  ) {}

  get station(): string {
    return this.ref.station;
  }

  /** Odette ID of the partner. */
  get other(): string {
    return this.ref.partner;
  }

  /** Adds a station of ours that TLS does not show. */
  addStation(): Promise<void> {
    return this.site.operator.addStation(this.station, PASSWORD);
  }

  /** Adds the partner, reached over TLS, with automatic exchange and secure authentication unless told otherwise. */
  addPartner(other: Site, settings: Settings = {}): Promise<void> {
    return this.site.operator.addPartner(this.ref, {
      password: PASSWORD,
      connection: { host: 'localhost', port: other.tlsPort, transport: 'tls' },
      acx: true,
      secureAuthentication: true,
      ...settings,
    });
  }

  /** Puts a certificate of ours on file and uses it; the fingerprint. */
  use(which: Label | TestIdentity, usages: readonly Usage[] = USAGES): Promise<string> {
    return this.site.operator.useCertificate(this.station, this.identity(which), [...usages]);
  }

  /** An operator puts a certificate of the partner on file. */
  async file(which: Label | TestIdentity, usages: readonly Usage[] = USAGES): Promise<void> {
    const certificate = base64(this.identity(which));
    await this.site.operator.bus.request(registry.partnerCertificateAdd, {
      ...this.ref,
      certificate,
      usages: [...usages],
    });
  }

  /** Sends a certificate of ours; its exchange, as queued. */
  async send(kind: ExchangeKind, which: Label | TestIdentity, replaces?: Label | TestIdentity): Promise<Exchange> {
    const { exchanges } = await this.site.operator.bus.request(exchangeRequests.send, {
      ...this.ref,
      kind,
      certificate: this.fingerprint(which),
      ...(replaces === undefined ? {} : { replaces: this.fingerprint(replaces) }),
    });
    const [exchange] = exchanges;
    if (exchange === undefined) throw new Error('nothing was queued');
    return exchange;
  }

  /** The exchange once it is in one of these states, or as it is when that takes too long. */
  async becomes(id: string, ...states: readonly Exchange['state'][]): Promise<Exchange> {
    const look = async () => (await this.site.operator.bus.request(exchangeRequests.exchangeGet, { id })).exchange;
    return eventually(look, ({ state }) => states.includes(state));
  }

  /** Uses a certificate, sends it, and waits for the partner's answer. */
  async hand(kind: ExchangeKind, which: Label | TestIdentity, replaces?: Label | TestIdentity): Promise<Exchange> {
    const { id } = await this.send(kind, which, replaces);
    return this.becomes(id, 'acknowledged', 'rejected', 'failed');
  }

  /** The exchange that a file of the partner became, once it is in one of these states. */
  async received({ file }: Pick<Exchange, 'file'>, ...states: readonly Exchange['state'][]): Promise<Exchange> {
    const look = async () => (await this.exchanges()).find((one) => sameFile(one, file));
    const found = await eventually(look, (one) => one !== undefined && states.includes(one.state));
    if (found === undefined) throw new Error(`no file of ${file.date} ${file.time} has come in`);
    return (await this.site.operator.bus.request(exchangeRequests.exchangeGet, { id: found.id })).exchange;
  }

  exchanges(): Promise<Exchange[]> {
    return this.site.operator.exchanges(this.ref);
  }

  partner(): Promise<Partner> {
    return this.site.operator.partner(this.ref);
  }

  /** What is known of the partner, without what counts changes and refusals, and without what reviews find in their own time. */
  async knowledge(): Promise<unknown> {
    const { revision: _counted, certificates, ...rest } = await this.partner();
    return { ...rest, certificates: certificates.map(({ standing: _reviewed, ...one }) => one) };
  }

  /** The states of the partner's certificates on file, by their names in the set. */
  async states(): Promise<Readonly<Record<string, string>>> {
    const { certificates } = await this.partner();
    return Object.fromEntries(certificates.map(({ fingerprint, state }) => [this.name(fingerprint), state]));
  }

  /** What serves a usage of the partner now, and by what we are known to it. */
  async serving(usage: Usage): Promise<{ theirs: string; ours: string }> {
    const row = (await this.partner()).usages.find((one) => one.usage === usage);
    return { theirs: this.name(row?.current), ours: this.name(row?.ours) };
  }

  /** What was told of this kind about the partner, oldest first. */
  async told<C extends EventContract>(contract: C): Promise<DataOf<C>[]> {
    const events = await this.site.operator.events(this.other);
    return events
      .filter(({ type, data }) => type === eventType(contract) && stationOf(data) === this.station)
      .map(({ data }) => contract.data.parse(data) as DataOf<C>);
  }

  /** The name of a certificate in the set; the beginning of its fingerprint for another one. */
  name(fingerprint: string | undefined): string {
    if (fingerprint === undefined) return 'none';
    const member = this.set.members.find(({ certificate }) => certificate.fingerprint === fingerprint);
    return member?.label ?? fingerprint.slice(0, 12);
  }

  private identity(which: Label | TestIdentity): TestIdentity {
    return typeof which === 'string' ? this.set.member(which) : which;
  }

  private fingerprint(which: Label | TestIdentity): string {
    return this.identity(which).certificate.fingerprint;
  }
}

function sameFile({ direction, file }: Exchange, wanted: Exchange['file']): boolean {
  return direction === 'inbound' && file.date === wanted.date && file.time === wanted.time;
}

function stationOf(data: unknown): unknown {
  return (data as { readonly station?: unknown }).station;
}
