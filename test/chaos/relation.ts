import {
  ca,
  exchangeRequests,
  gateway,
  registry,
  type Exchange,
  type ExchangeKind,
  type PartnerRef,
  type RequestContract,
  type RequestOf,
} from '@certlane/contracts';
import type { TestIdentity } from '@certlane/pki/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_USAGES } from '../support/operator.js';
import { eventually } from '../support/eventually.js';
import type { Side } from '../support/side.js';

/** TLS shows the certificate of any station of the side: what is proved to each other is proved by authentication. */
const USAGES = ALL_USAGES.filter((usage) => usage !== 'tls');

/** How long an exchange may take to recover: the lease of a dead gateway lasts 30 s, and failed calls are 5, 10, 20, 40 s apart; more on a busy machine. */
const RECOVERY_MS = 240_000;
/** A process that hangs in its start is killed after 60 s and started again. */
const ABSENCE_MS = 120_000;

/** Two Odette identities, one on each side, that know each other by identification data only. */
export class Relation {
  /** Certificates of A in the order in which they came. */
  readonly #ours: TestIdentity[] = [];
  /** Orders of A's operator so far. */
  readonly sent: ExchangeKind[] = [];

  private constructor(
    readonly a: Side,
    readonly b: Side,
    /** B as A knows it. */
    readonly atA: PartnerRef,
    /** A as B knows it. */
    readonly atB: PartnerRef,
  ) {}

  /** Each side installs the authority of the other, and has a station whose certificate TLS shows. */
  static async introduce(a: Side, b: Side): Promise<void> {
    for (const [us, them] of [
      [a, b],
      [b, a],
    ] as const) {
      const certificates = [Buffer.from(them.ca.authority.certificate.der).toString('base64')];
      await us.operator.bus.request(ca.issuerAdd, { certificates });
      await us.operator.addStation(`O0${us.name.toUpperCase()}`, 'HOST', 'localhost');
      await us.operator.useCertificate(`O0${us.name.toUpperCase()}`, us.ca.issue({ host: 'localhost' }));
    }
  }

  static async found(a: Side, b: Side, number: number): Promise<Relation> {
    const [idA, idB] = [`O0013A${number}`, `O0177B${number}`];
    const relation = new Relation(a, b, { station: idA, partner: idB }, { station: idB, partner: idA });
    // What was killed last may still be on its way back, and not every step below bears being done twice.
    for (const side of [a, b]) {
      await Promise.all([
        ask(side, gateway.sealingKey, {}),
        ask(side, registry.stationList, {}),
        ask(side, ca.issuerList, {}),
      ]);
    }
    await relation.#renew();
    await relation.#setUp(b, relation.atB, a, b.ca.issue({ host: 'localhost', subject: `CN=${idB}` }));
    return relation;
  }

  /** Whether a message is about these two. */
  concerns(octets: Buffer, subject: string): boolean {
    return [this.atA.station, this.atB.station].some((id) => {
      const whole = new RegExp(`${id}(?![0-9])`);
      return whole.test(subject) || whole.test(octets.toString('latin1'));
    });
  }

  /** Fingerprints of A's certificates in the order in which they came. */
  get ours(): readonly string[] {
    return this.#ours.map(({ certificate }) => certificate.fingerprint);
  }

  /** A gets a new certificate, unless it has its first, which a request brings, still to send. */
  async prepare(kind: ExchangeKind): Promise<void> {
    if (kind !== 'request') await this.#renew();
  }

  /** The operator of A presses the button, again only if nothing came of it. */
  async send(kind: ExchangeKind): Promise<void> {
    const [current, former] = this.ours.toReversed();
    const replaced = kind === 'replace' && former !== undefined ? { replaces: former } : {};
    this.sent.push(kind);
    const order = { ...this.atA, kind, ...(current === undefined ? {} : { certificate: current }), ...replaced };
    for (;;) {
      try {
        await this.a.operator.bus.request(exchangeRequests.send, order);
        return;
      } catch {
        const exchanges = await ask(this.a, exchangeRequests.exchangeList, { ...this.atA, limit: 500 });
        const queued = exchanges.exchanges.filter((one) => one.kind === kind && one.direction === 'outbound');
        if (queued.length === this.sent.filter((one) => one === kind).length) return;
        await sleep(250);
      }
    }
  }

  /** Waits until nothing is left to do on either side: all that was sent is answered, and one certificate of B came back. */
  async settled(): Promise<void> {
    const wanted = (one: readonly string[]) => [...one].sort().join(', ');
    const expected = [
      wanted([...this.sent.map((kind) => `outbound ${kind} acknowledged`), 'inbound deliver accepted']),
      wanted([...this.sent.map((kind) => `inbound ${kind} accepted`), 'outbound deliver acknowledged']),
    ];
    const look = async () => {
      const [atA, atB] = await Promise.all([this.exchanges(this.a), this.exchanges(this.b)]);
      return [atA, atB].map((all) => wanted(all.map(wordsFor)));
    };
    const seen = await eventually(look, (words) => words.join() === expected.join(), RECOVERY_MS);
    if (seen.join() === expected.join()) return;
    throw new Error(`${this.atA.station} did not recover: ${seen.join(' | ')}`);
  }

  async exchanges(side: Side): Promise<Exchange[]> {
    const ref = side === this.a ? this.atA : this.atB;
    return (await ask(side, exchangeRequests.exchangeList, { ...ref, limit: 500 })).exchanges;
  }

  async #renew(): Promise<void> {
    const [latest] = this.#ours.toReversed();
    const { station } = this.atA;
    if (latest === undefined) {
      const first = this.a.ca.issue({ host: 'localhost', subject: `CN=${station}` });
      await this.#setUp(this.a, this.atA, this.b, first);
      this.#ours.push(first);
      return;
    }
    const renewed = this.a.ca.renew(latest, { notBefore: new Date(latest.certificate.notBefore.getTime() + 1_000) });
    await persistently(() => this.a.operator.useCertificate(station, renewed, USAGES));
    this.#ours.push(renewed);
  }

  async #setUp(us: Side, { station, partner }: PartnerRef, them: Side, own: TestIdentity): Promise<void> {
    const { operator } = us;
    await operator.addStation(station, 'SECRET');
    await operator.useCertificate(station, own, USAGES);
    await operator.addPartner(
      { station, partner },
      {
        password: 'SECRET',
        connection: { host: 'localhost', port: them.station.tlsPort, transport: 'tls' },
        acx: true,
        secureAuthentication: true,
      },
    );
    const { fingerprint: issuer } = them.ca.authority.certificate;
    const usages = [...USAGES];
    await operator.bus.request(registry.partnerIdentify, { station, partner, subject: partner, issuer, usages });
  }
}

/** An exchange in words: an inbound one that is decided still waits for its answer to be handed over. */
function wordsFor({ direction, kind, state, answered }: Exchange): string {
  const waits = direction === 'inbound' && !answered ? ', not answered' : '';
  return `${direction} ${kind} ${state}${waits}`;
}

/** Asks again while a service is away. */
export function ask<C extends RequestContract>(side: Side, contract: C, input: RequestOf<C>) {
  return persistently(() => side.operator.bus.request(contract, input, { timeoutMs: 2_000 }));
}

/** Does what bears being done twice, again while a service is away: a process killed before may be on its way back. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (const deadline = Date.now() + ABSENCE_MS; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}
