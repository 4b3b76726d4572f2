import { createHash } from 'node:crypto';
import { startCaStore, usualLists, type ListSettings } from '@certlane/ca-store';
import { ca, caEvents, type RevocationListView, type TrustListView, type ValidationVerdict } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { createBus, everyEntry, readEvents, type Bus, type RunningService } from '@certlane/runtime';
import { fixedClock, testNats, type FixedClock, type TestNats } from '@certlane/runtime/testing';
import { eventually } from '../../support/eventually.js';
import { Publication } from '../../support/interoperability/publication.js';

/** An event that was told, without what is different with each run. */
export interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const PART_OCTETS = 524_288;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const base64 = ({ der }: Pick<Certificate, 'der'>): string => Buffer.from(der).toString('base64');

/** ca-store over a real NATS server beside a publisher of lists, with a clock that can be put forward. */
export class Scene implements AsyncDisposable {
  readonly replicas: RunningService[] = [];
  #next = 1;

  private constructor(
    readonly nats: TestNats,
    readonly publication: Publication,
    readonly clock: FixedClock,
    private readonly connection: Awaited<ReturnType<TestNats['connect']>>,
  ) {}

  static async open(
    options: { readonly responders?: boolean; readonly replicas?: number; readonly lists?: Partial<ListSettings> } = {},
  ): Promise<Scene> {
    const now = new Date();
    const nats = await testNats();
    const publication = await Publication.open({ now, responders: options.responders ?? false });
    const scene = new Scene(nats, publication, fixedClock(now), await nats.connect('anyone'));
    const lists = { ...usualLists, fetchAllow: ['127.0.0.0/8'], ...options.lists };
    for (let n = 0; n < (options.replicas ?? 1); n += 1) {
      const config = { ...nats.runtimeConfig('ca-store', { instance: `replica-${n}` }), lists };
      scene.replicas.push(await startCaStore(config, { clock: scene.clock }));
    }
    return scene;
  }

  /** The bus in the hands of somebody; of nobody by name when left out. */
  bus(actor?: string): Bus {
    return createBus(this.connection, this.nats.prefix, actor === undefined ? {} : { actor });
  }

  /** Installs authorities of the set. */
  async install(...certificates: Certificate[]): Promise<void> {
    await this.bus().request(ca.issuerAdd, { certificates: certificates.map(base64) });
  }

  /** Hands octets over in parts, and gives their name. */
  async put(octets: Uint8Array): Promise<string> {
    const content = createHash('sha256').update(octets).digest('hex');
    const parts = Math.max(1, Math.ceil(octets.length / PART_OCTETS));
    for (let part = 0; part < parts; part += 1) {
      const piece = octets.subarray(part * PART_OCTETS, (part + 1) * PART_OCTETS);
      await this.bus().request(ca.contentPut, {
        content,
        parts,
        part,
        octets: Buffer.from(piece).toString('base64'),
      });
    }
    return content;
  }

  /** The verdict over a certificate that comes with its chain. */
  async verdict(
    { certificate, chain = [] }: { readonly certificate: Certificate; readonly chain?: readonly Certificate[] },
    revocation: 'off' | 'warn' | 'fail' = 'fail',
  ): Promise<ValidationVerdict> {
    const input = { certificate: base64(certificate), chain: chain.map(base64), revocation };
    return (await this.bus().request(ca.certificateValidate, input)).verdict;
  }

  /** The verdict once its revocation is as wanted; what it is at last when it never is. */
  async verdictOnce(
    asked: Parameters<Scene['verdict']>[0],
    status: ValidationVerdict['revocation']['status'],
  ): Promise<ValidationVerdict> {
    return eventually(
      () => this.verdict(asked),
      ({ revocation }) => revocation.status === status,
    );
  }

  async lists(): Promise<readonly RevocationListView[]> {
    return everyEntry(this.bus(), ca.revocationListList, {}, ({ revocationLists }) => revocationLists);
  }

  /** The list at an address, once it is as wanted. */
  async listOnce(
    url: string,
    wanted: (list: RevocationListView) => boolean,
    patienceMs?: number,
  ): Promise<RevocationListView | undefined> {
    return eventually(
      async () => (await this.lists()).find((list) => list.url === url),
      (list) => list !== undefined && wanted(list),
      patienceMs,
    );
  }

  async trustList(name: string): Promise<TrustListView> {
    return (await this.bus().request(ca.trustListGet, { name })).trustList;
  }

  /** The trust list, once it is as wanted. */
  async trustListOnce(name: string, wanted: (list: TrustListView) => boolean): Promise<TrustListView> {
    return eventually(() => this.trustList(name), wanted);
  }

  /**
   * What was told since it was asked last.
   * @param about first word of the events that are wanted; all when left out
   */
  async told(about = ''): Promise<Told[]> {
    const events: Told[] = [];
    for await (const { sequence, event } of readEvents(this.connection, this.nats.prefix, { from: this.#next })) {
      this.#next = sequence + 1;
      events.push({ type: event.type.replace(/^certlane\.|\.v1$/g, ''), data: event.data as Told['data'] });
    }
    return events.filter(({ type }) => type.startsWith(about));
  }

  /** The acts that were written down, with who acted and how they ended. */
  async acts(): Promise<string[]> {
    const entries = await everyEntry(this.bus(), ca.auditList, {}, (page) => page.entries);
    return entries.map(({ actor, act, phase }) => `${actor} ${act} ${phase}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await this.publication.close();
    await this.nats.stop();
  }
}

/** Names of events, as {@link Scene.told} gives them. */
export const EVENTS = {
  trustListTaken: caEvents.trustListTaken.name,
  trustListRefused: caEvents.trustListRefused.name,
  listTaken: caEvents.revocationListTaken.name,
  listRemoved: caEvents.revocationListRemoved.name,
  listFailed: caEvents.revocationListFailed.name,
} as const;
