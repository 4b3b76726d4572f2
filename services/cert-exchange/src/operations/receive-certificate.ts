import { CertlaneError, type ExchangeState, type exchangeRequests, type ParsedRequestOf } from '@certlane/contracts';
import type { Clock, Logger } from '@certlane/runtime';
import { unchanged } from '../domain/ledger/change.js';
import { receiveFile, reopen } from '../domain/ledger/inbound.js';
import { isWaiting } from '../domain/ledger/outbox.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import { exchangeIdOf, kindOf } from '../domain/virtual-file.js';
import type { Archive, Ledgers } from '../ports/ledgers.js';
import type { EvaluateExchange } from './evaluate-exchange.js';

type Request = ParsedRequestOf<typeof exchangeRequests.certificateReceive>;

/** Takes a certificate file in: stored first, then decided; the same file again gives the same answer and changes nothing. */
export class ReceiveCertificate {
  readonly #ledgers: Ledgers;
  readonly #archive: Archive;
  readonly #evaluate: EvaluateExchange;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: {
    ledgers: Ledgers;
    archive: Archive;
    evaluate: EvaluateExchange;
    clock: Clock;
    logger: Logger;
  }) {
    this.#ledgers = options.ledgers;
    this.#archive = options.archive;
    this.#evaluate = options.evaluate;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /**
   * @throws {CertlaneError} `invalid-argument` for a file that is none of ours to take, `failed-precondition` when too much is
   *   open, `unavailable` when it could not be stored: the partner must keep it
   */
  async run(request: Request): Promise<{ exchange: string; state: ExchangeState; owing: boolean }> {
    const kind = kindOf(request.file.datasetName);
    if (kind === undefined) {
      throw new CertlaneError('invalid-argument', `'${request.file.datasetName}' is no certificate file`, {
        details: { field: 'file.datasetName' },
      });
    }
    if (request.file.originator !== request.partner || request.file.destination !== request.station) {
      throw new CertlaneError(
        'invalid-argument',
        `the file goes from '${request.file.originator}' to '${request.file.destination}', the session is between '${request.partner}' and '${request.station}'`,
        { details: { field: 'file.originator' } },
      );
    }
    const id = exchangeIdOf('inbound', request.file);
    const archived = await this.#archive.get(request, id);
    await this.#store(request, { id, kind, archived });
    await this.#decide(request, id);
    const ledger = await this.#ledgers.read(request);
    return { exchange: id, state: stateOf(ledger, id, archived), owing: isWaiting(ledger) };
  }

  async #store(
    request: Request,
    { id, kind, archived }: { id: string; kind: ExchangeRecord['kind']; archived: ExchangeRecord | undefined },
  ): Promise<void> {
    const now = this.#clock.now();
    const { file, description, octets } = request;
    await this.#ledgers.change(request, (ledger) => ({
      ...(archived === undefined
        ? receiveFile(ledger, { id, kind, file, description, octets }, now)
        : reopen(ledger, archived, now)),
      result: undefined,
    }));
  }

  /** Whatever keeps the decision from being made, the file is safe: it is decided later, by whichever replica takes the job. */
  async #decide(request: Request, id: string): Promise<void> {
    try {
      await this.#evaluate.run(request, id, request.session);
    } catch (thrown) {
      this.#logger.warn({ exchange: id, err: thrown }, 'exchange is decided later');
      await this.#ledgers.change(request, (ledger) => ({
        ...unchanged(ledger),
        evaluateLater: id,
        result: undefined,
      }));
    }
  }
}

function stateOf(ledger: Ledger, id: string, archived: ExchangeRecord | undefined): ExchangeState {
  return ledger.open.find((open) => open.id === id)?.state ?? archived?.state ?? 'received';
}
