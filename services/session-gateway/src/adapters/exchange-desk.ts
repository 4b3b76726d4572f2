import { exchangeRequests, type FileAnswer } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import { certificateFile } from '../domain/virtual-file.js';
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
import type { SessionContext } from '../ports/session-context.js';

/** The contract takes no more; a session that offered so many items has its next ones in the next session. */
const LONGEST_EXCLUSION = 1_000;
/** The contract takes no longer message. */
const LONGEST_MESSAGE = 512;
/** Storing and deciding may take a path validation and some writes. */
const RECEIVE_MILLISECONDS = 15_000;

/** What cert-exchange has for a partner, and what it takes of one. */
export class ExchangeDesk implements Outbox, AnswerIntake, CertificateInbox {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async next(context: SessionContext, offered: readonly string[]): Promise<OutgoingAnswer | OutgoingFile | undefined> {
    if (offered.length >= LONGEST_EXCLUSION) return undefined;
    const request = { ...named(context), exclude: [...offered] };
    const { item } = await this.#bus.request(exchangeRequests.outboxNext, request);
    if (item === undefined) return undefined;
    if (item.type === 'answer') return { type: 'answer', id: item.exchange, answer: item.answer };
    const { description, identity } = item.file;
    const octets = Buffer.from(item.file.octets, 'base64');
    return {
      type: 'file',
      id: item.exchange,
      description: certificateFile(identity, description, octets.length),
      open: () => sourceOf(octets),
    };
  }

  async settle(item: OutgoingAnswer | OutgoingFile, fate: Fate, context: SessionContext): Promise<void> {
    const { session, station, partner } = context;
    await this.#bus.request(exchangeRequests.outboxSettle, {
      session,
      station,
      partner,
      exchange: item.id,
      item: item.type,
      fate: fate.type === 'unsendable' ? { ...fate, message: fate.message.slice(0, LONGEST_MESSAGE) } : fate,
    });
  }

  async receive(file: ReceivedCertificate, context: SessionContext): Promise<{ readonly owing: boolean }> {
    return this.#bus.request(
      exchangeRequests.certificateReceive,
      {
        ...named(context),
        file: file.identity,
        description: file.description,
        octets: Buffer.from(file.octets).toString('base64'),
      },
      { timeoutMs: RECEIVE_MILLISECONDS },
    );
  }

  async answered(answer: FileAnswer, context: SessionContext): Promise<void> {
    await this.#bus.request(exchangeRequests.answerReceive, { ...named(context), answer });
  }
}

/** The session as requests name it. */
function named({ session, station, partner, mode }: SessionContext): Omit<SessionContext, 'subStations'> {
  return { session, station, partner, mode };
}

function sourceOf(octets: Buffer): FileSource {
  let position = 0;
  return {
    read: (into) => {
      const copied = octets.copy(into, 0, position);
      position += copied;
      return copied;
    },
    close: () => undefined,
  };
}
