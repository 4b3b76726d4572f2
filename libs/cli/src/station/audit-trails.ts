import {
  auditRequests,
  serviceContracts,
  serviceNames,
  type AuditEntry,
  type AuditRequests,
  type ServiceName,
} from '@certlane/contracts';
import { verifyAudit, type AuditVerdict, type Bus } from '../bus.js';

/** The services with an audit trail: those that own documents. */
export const auditedServices: readonly ServiceName[] = serviceNames.filter((name) => serviceContracts[name].store);

/** Whose acts are wanted. */
export interface AuditFilter {
  readonly station?: string;
  readonly partner?: string;
}

/** Reads one trail, and goes on later where it ended. */
export class TrailReader {
  readonly #bus: Bus;
  readonly #contract: AuditRequests['auditList'];
  readonly #filter: AuditFilter;
  /** Number of the last entry that was there. */
  #head = 0;

  constructor(bus: Bus, service: ServiceName, filter: AuditFilter) {
    this.#bus = bus;
    this.#contract = auditRequests(service).auditList;
    this.#filter = filter;
  }

  /** Every entry from where the last reading ended. */
  async *read(): AsyncGenerator<AuditEntry> {
    let after = this.#head === 0 ? undefined : String(this.#head);
    do {
      const from = after === undefined ? {} : { after };
      const page = await this.#bus.request(this.#contract, { ...this.#filter, limit: 500, ...from });
      yield* page.entries;
      after = page.next;
      // Only a reading that came to its end is one to go on from.
      if (after === undefined) this.#head = page.head;
    } while (after !== undefined);
  }
}

/** Several trails as one, oldest first: each is in order already. */
export async function* mergedByTime(trails: readonly AsyncGenerator<AuditEntry>[]): AsyncGenerator<AuditEntry> {
  const heads = await Promise.all(trails.map(async (trail) => ({ trail, next: await trail.next() })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const one of heads) {
      if (one.next.done === true) continue;
      if (first?.next.done === false && first.next.value.at <= one.next.value.at) continue;
      first = one;
    }
    if (first === undefined || first.next.done === true) return;
    yield first.next.value;
    first.next = await first.trail.next();
  }
}

/** What the verification of one trail found. */
export interface TrailVerdict extends AuditVerdict {
  readonly service: ServiceName;
}

/** Recomputes the whole chain of one service. */
export async function verifyTrail(bus: Bus, service: ServiceName): Promise<TrailVerdict> {
  return { service, ...(await verifyAudit(bus, auditRequests(service).auditVerify)) };
}

/** Whether an entry that was noted at an earlier time is still there; what is wrong where it is not. */
export async function holdsNoted(
  bus: Bus,
  service: ServiceName,
  noted: { readonly number: number; readonly hash: string },
): Promise<AuditVerdict['broken']> {
  const { auditVerify } = auditRequests(service);
  const after = `${noted.number}.${noted.hash}`;
  return (await bus.request(auditVerify, { after, limit: 1 })).broken;
}
