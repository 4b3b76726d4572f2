import type { CertlaneError, FileAnswer, PartnerRef, SessionProfile } from '@certlane/contracts';
import { certificateFile } from '../domain/virtual-file.js';
import type { CallResult, DialBook, DialClaim } from '../ports/dial-book.js';
import type {
  AnswerIntake,
  CertificateInbox,
  Fate,
  FileSource,
  Outbox,
  OutgoingAnswer,
  OutgoingFile,
  ReceivedCertificate,
} from '../ports/files.js';
import type { PartnerDirectory } from '../ports/partner-directory.js';
import type { SessionContext } from '../ports/session-context.js';
import type { SessionEnds, SessionReport } from '../ports/session-ends.js';
import type { SessionTrust, TrustDecision, TrustQuestion } from '../ports/session-trust.js';

/** Partners in memory. */
export class MemoryDirectory implements PartnerDirectory {
  readonly rows: SessionProfile[] = [];

  profiles(partner: string, station?: string): Promise<readonly SessionProfile[]> {
    const found = this.rows.filter((row) => row.partner === partner && (station ?? row.station) === row.station);
    return Promise.resolve(found);
  }
}

/** Decides as the test says; unless told, whoever has the password runs a full session without secure authentication. */
export class MemoryTrust implements SessionTrust {
  readonly questions: TrustQuestion[] = [];
  decision: (question: TrustQuestion) => TrustDecision = openDecision;

  decide(question: TrustQuestion): Promise<TrustDecision> {
    this.questions.push(question);
    return Promise.resolve(this.decision(question));
  }
}

/** A decision to run, as plain as it can be. */
export const plainRun = {
  verdict: 'run',
  mode: 'full',
  secureAuthentication: false,
  ours: [],
  theirs: [],
  challenge: { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' },
  checks: [],
} as const satisfies TrustDecision;

function openDecision(question: TrustQuestion): TrustDecision {
  if (question.passwordCorrect !== false) return plainRun;
  return { verdict: 'refuse', reason: 'wrong-password', message: 'the password is wrong', checks: [] };
}

const identityKey = ({ identity }: ReceivedCertificate): string => JSON.stringify(identity);

/** Certificate exchange in memory: every certificate file is taken over and owed an EERP, the same file again is the same. */
export class MemoryExchange implements CertificateInbox, AnswerIntake, Outbox {
  readonly received = new Map<string, ReceivedCertificate>();
  readonly answers: FileAnswer[] = [];
  readonly waiting: (OutgoingAnswer | OutgoingFile)[] = [];
  readonly settled: { readonly id: string; readonly fate: Fate }[] = [];
  /** What every operation is refused with, while there is something. */
  failure: CertlaneError | undefined;
  #held: { readonly reached: () => void; readonly released: PromiseWithResolvers<undefined> } | undefined;

  async receive(file: ReceivedCertificate): Promise<{ owing: boolean }> {
    await this.#hindrance();
    const key = identityKey(file);
    if (!this.received.has(key)) {
      this.received.set(key, file);
      this.waiting.unshift({ type: 'answer', id: `answer ${key}`, answer: { kind: 'eerp', file: file.identity } });
    }
    return { owing: this.waiting.length > 0 };
  }

  async answered(answer: FileAnswer): Promise<void> {
    await this.#hindrance();
    this.answers.push(answer);
  }

  async next(_context: SessionContext, offered: readonly string[]): Promise<OutgoingAnswer | OutgoingFile | undefined> {
    await this.#hindrance();
    return this.waiting.find(({ id }) => !offered.includes(id));
  }

  async settle(item: OutgoingAnswer | OutgoingFile, fate: Fate): Promise<void> {
    await this.#hindrance();
    this.settled.push({ id: item.id, fate });
    const position = this.waiting.findIndex(({ id }) => id === item.id);
    if (fate.type !== 'refused' && position >= 0) this.waiting.splice(position, 1);
  }

  /** Queues a certificate file for the partner. */
  queueFile(id: string, identity: ReceivedCertificate['identity'], octets: Uint8Array, description = ''): void {
    const sfid = certificateFile(identity, description, octets.length);
    this.waiting.push({ type: 'file', id, description: sfid, open: () => memorySource(octets) });
  }

  /**
   * From now on every operation waits, as if the other services were slow, until they are released.
   * @returns kept when the first of them waits
   */
  hold(): Promise<void> {
    return new Promise((reached) => {
      this.#held = { reached, released: Promise.withResolvers() };
    });
  }

  /** Lets go on what waits, and what comes. */
  release(): void {
    this.#held?.released.resolve(undefined);
    this.#held = undefined;
  }

  async #hindrance(): Promise<void> {
    this.#held?.reached();
    await this.#held?.released.promise;
    if (this.failure !== undefined) throw this.failure;
  }
}

/** A file in memory. */
export function memorySource(octets: Uint8Array): FileSource {
  let position = 0;
  return {
    read: (into) => {
      const piece = octets.subarray(position, position + into.length);
      into.set(piece);
      position += piece.length;
      return piece.length;
    },
    close: () => undefined,
  };
}

/** Claims in memory: one holder a partner, for as long as the lease lasts. */
export class MemoryDialBook implements DialBook {
  readonly reports: ({ readonly partner: PartnerRef } & CallResult)[] = [];
  /** Whether anything waits for partners. */
  waiting = true;
  leaseMilliseconds = 30_000;
  /** What a report of a call that went wrong is answered with. */
  retryMilliseconds = 1_000;
  /** What a report is refused with, while there is something. */
  failure: CertlaneError | undefined;
  claims = 0;
  readonly #holders = new Map<string, { readonly holder: string; readonly until: number }>();

  claim(partner: PartnerRef, holder: string): Promise<DialClaim> {
    this.claims += 1;
    const key = JSON.stringify(partner);
    const held = this.#holders.get(key);
    const granted = held === undefined || held.holder === holder || held.until < Date.now();
    if (granted) this.#holders.set(key, { holder, until: Date.now() + this.leaseMilliseconds });
    return Promise.resolve({ granted, waiting: this.waiting, leaseMilliseconds: this.leaseMilliseconds });
  }

  report(partner: PartnerRef, _holder: string, result: CallResult): Promise<number | undefined> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.#holders.delete(JSON.stringify(partner));
    this.reports.push({ partner, ...result });
    return Promise.resolve(result.ok || result.obstacle !== undefined ? undefined : this.retryMilliseconds);
  }
}

/** Keeps the reports of sessions that are over, and lets a test wait for the next. */
export class MemoryEnds implements SessionEnds {
  readonly reports: SessionReport[] = [];
  readonly #waiting: ((report: SessionReport) => void)[] = [];

  ended(report: SessionReport): void {
    this.reports.push(report);
    for (const tell of this.#waiting.splice(0)) tell(report);
  }

  /** The report of the next session that ends from now on. */
  next(): Promise<SessionReport> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
