import { CertlaneError, type ExchangeState, type exchangeRequests, type ParsedRequestOf } from '@certlane/contracts';
import type { Clock, Logger } from '@certlane/runtime';
import { unchanged } from '../domain/ledger/change.js';
import { receiveFile, reopen } from '../domain/ledger/inbound.js';
import { isWaiting } from '../domain/ledger/outbox.js';
import type { ExchangeRecord, Ledger } from '../domain/ledger/record.js';
import { exchangeIdOf, kindOf } from '../domain/virtual-file.js';
import type { Archive } from '../ports/archive.js';
import type { Ledgers } from '../ports/ledgers.js';
import type { EvaluateExchange } from './evaluate-exchange.js';
import type { GatherFacts } from './gather-facts.js';

type Request = ParsedRequestOf<typeof exchangeRequests.certificateReceive>;

/** Takes a certificate file in: stored first, then decided; the same file again gives the same answer and changes nothing. */
export class ReceiveCertificate {
  readonly #ledgers: Ledgers;
  readonly #archive: Archive;
  readonly #gather: GatherFacts;
  readonly #evaluate: EvaluateExchange;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: {
    ledgers: Ledgers;
    archive: Archive;
    gather: GatherFacts;
    evaluate: EvaluateExchange;
    clock: Clock;
    logger: Logger;
  }) {
    this.#ledgers = options.ledgers;
    this.#archive = options.archive;
    this.#gather = options.gather;
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
    if (!(await this.#belongs(request))) {
      throw new CertlaneError(
        'invalid-argument',
        `the file goes from '${request.file.originator}' to '${request.file.destination}', the session is between '${request.partner}' and '${request.station}'`,
        { details: { field: 'file.originator' } },
      );
    }
    const id = exchangeIdOf('inbound', request.file);
    const stored = await this.#store(request, id, kind);
    const record = stored.open.find((open) => open.id === id);
    const ledger = record?.state === 'received' ? await this.#decide(request, record) : stored;
    return { exchange: id, state: await this.#stateOf(request, ledger, id), owing: isWaiting(ledger) };
  }

  /** A file comes from the partner of the session, or from one of its sub-stations. */
  async #belongs({ station, partner, file }: Request): Promise<boolean> {
    if (file.destination !== station) return false;
    if (file.originator === partner) return true;
    return (await this.#gather.subStation({ station, partner }, file.originator)) !== undefined;
  }

  /**
   * Looks into the archive only after the ledger that the step builds on: an exchange that leaves that ledger meanwhile makes
   * the write fail, one that left it before is in the archive. The other way round it could be in neither.
   */
  #store(request: Request, id: string, kind: ExchangeRecord['kind']): Promise<Ledger> {
    const now = this.#clock.now();
    const { file, description, octets } = request;
    const bypass = request.mode === 'exchange-only' ? { inBypass: true } : {};
    const received = { id, kind, file, description, octets, ...bypass };
    return this.#ledgers.change(request, async (ledger) => {
      if (ledger.open.some((open) => open.id === id)) return { ...unchanged(ledger), result: ledger };
      const archived = await this.#archive.get(request, id);
      // What ended with the removal of a partner says nothing about the one that was added since.
      const change =
        archived === undefined || archived.state === 'failed'
          ? receiveFile(ledger, received, now)
          : reopen(ledger, archived, now);
      return { ...change, result: change.ledger };
    });
  }

  /** Another session may have handed the answer over while this one waited. */
  async #stateOf(ref: Request, ledger: Ledger, id: string): Promise<ExchangeState> {
    const open = ledger.open.find((record) => record.id === id);
    return (open ?? (await this.#archive.get(ref, id)))?.state ?? 'received';
  }

  /** Whatever keeps the decision from being made, the file is safe: it is decided later, by whichever replica takes the job. */
  async #decide({ station, partner, session }: Request, record: ExchangeRecord): Promise<Ledger> {
    const ref = { station, partner };
    try {
      return (await this.#evaluate.decide(ref, record, session)).ledger;
    } catch (thrown) {
      this.#logger.warn({ exchange: record.id, err: thrown }, 'exchange is decided later');
      return this.#ledgers.change(ref, (ledger) => ({
        ...unchanged(ledger),
        evaluateLater: record.id,
        result: ledger,
      }));
    }
  }
}
