import { exchangeRequests } from '@certlane/contracts';
import {
  AUDIT,
  auditController,
  BUS,
  CLOCK,
  LOGGER,
  MESSAGES,
  STORE,
  type AuditTrail,
  type Bus,
  type Clock,
  type DocumentStore,
  type Logger,
  type Messages,
  type ServiceParts,
} from '@certlane/runtime';
import { Inject, type FactoryProvider, type OnApplicationBootstrap } from '@nestjs/common';
import { ArchiveUpgrade } from './adapters/archive-upgrade.js';
import { BusPartners } from './adapters/bus-partners.js';
import { BusValidator } from './adapters/bus-validator.js';
import { DocumentHeldIndex } from './adapters/document-held-index.js';
import { DocumentArchive } from './adapters/document-archive.js';
import { DocumentLedgers } from './adapters/document-ledgers.js';
import { ApprovalController } from './handlers/approval.controller.js';
import { ExchangeController } from './handlers/exchange.controller.js';
import { PartnerEventsHandler } from './handlers/partner-events.handler.js';
import { SessionController } from './handlers/session.controller.js';
import { ResumeTask } from './handlers/resume-task.js';
import { BypassMetrics, DecisionMetrics } from './metrics.js';
import { DecideApproval } from './operations/decide-approval.js';
import { DecideSession } from './operations/decide-session.js';
import { DryRun } from './operations/dry-run.js';
import { EvaluateExchange } from './operations/evaluate-exchange.js';
import { FollowPartner } from './operations/follow-partner.js';
import { GatherFacts } from './operations/gather-facts.js';
import { LeaseDialling } from './operations/lease-dialling.js';
import { ReceiveAnswer } from './operations/receive-answer.js';
import { ReceiveCertificate } from './operations/receive-certificate.js';
import { Recover } from './operations/recover.js';
import { ResumeHeld } from './operations/resume-held.js';
import { SendCertificates } from './operations/send-certificates.js';
import { ServeOutbox } from './operations/serve-outbox.js';
import { SettleDecision } from './operations/settle-decision.js';
import { ShowApprovals } from './operations/show-approvals.js';
import { ShowBypass } from './operations/show-bypass.js';
import { ShowExchanges } from './operations/show-exchanges.js';
import { WriteDecision } from './operations/write-decision.js';
import { HELD_INDEX, type HeldIndex } from './ports/held-index.js';
import { ARCHIVE, type Archive } from './ports/archive.js';
import { LEDGERS, type Ledgers } from './ports/ledgers.js';
import { PARTNERS, type Partners } from './ports/partners.js';
import { VALIDATOR, type Validator } from './ports/validator.js';

/** Takes up what was left undone once the service is wired; its failure must not keep the service from serving. */
class RecoverAtStart implements OnApplicationBootstrap {
  constructor(
    @Inject(Recover) private readonly recover: Recover,
    @Inject(ArchiveUpgrade) private readonly upgrade: ArchiveUpgrade,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.recover.run().catch((error: unknown) => this.logger.error({ err: error }, 'recovery failed'));
    this.upgrade
      .run()
      .catch((error: unknown) => this.logger.error({ err: error }, 'exchanges of an earlier version are not in order'));
  }
}

const provide = (
  token: FactoryProvider['provide'],
  inject: NonNullable<FactoryProvider['inject']>,
  useFactory: FactoryProvider['useFactory'],
): FactoryProvider => ({ provide: token, inject, useFactory });

/** Everything the service is made of: stores and neighbours, operations, handlers. */
export const certExchangeModule: ServiceParts['module'] = {
  controllers: [
    SessionController,
    ExchangeController,
    ApprovalController,
    PartnerEventsHandler,
    ResumeTask,
    auditController(exchangeRequests),
  ],
  providers: [
    provide(ARCHIVE, [STORE], (store: DocumentStore) => new DocumentArchive(store)),
    provide(
      LEDGERS,
      [STORE, ARCHIVE, MESSAGES],
      (store: DocumentStore, archive: DocumentArchive, messages: Messages) =>
        new DocumentLedgers(store, archive, messages),
    ),
    provide(PARTNERS, [BUS], (bus: Bus) => new BusPartners(bus)),
    provide(VALIDATOR, [BUS], (bus: Bus) => new BusValidator(bus)),
    provide(
      DecideSession,
      [PARTNERS, LEDGERS, CLOCK],
      (partners: Partners, ledgers: Ledgers, clock: Clock) =>
        new DecideSession({ partners, ledgers, clock, metrics: new BypassMetrics() }),
    ),
    provide(HELD_INDEX, [STORE], (store: DocumentStore) => new DocumentHeldIndex(store)),
    provide(
      GatherFacts,
      [PARTNERS, VALIDATOR, CLOCK],
      (partners: Partners, validator: Validator, clock: Clock) => new GatherFacts({ partners, validator, clock }),
    ),
    provide(
      SettleDecision,
      [PARTNERS, AUDIT],
      (partners: Partners, audit: AuditTrail) => new SettleDecision({ partners, audit }),
    ),
    provide(
      WriteDecision,
      [LEDGERS, HELD_INDEX, CLOCK, LOGGER],
      (ledgers: Ledgers, held: HeldIndex, clock: Clock, logger: Logger) =>
        new WriteDecision({ ledgers, held, clock, logger, metrics: new DecisionMetrics() }),
    ),
    provide(
      EvaluateExchange,
      [LEDGERS, PARTNERS, GatherFacts, SettleDecision, WriteDecision, CLOCK, LOGGER],
      (
        ledgers: Ledgers,
        partners: Partners,
        gather: GatherFacts,
        settle: SettleDecision,
        write: WriteDecision,
        clock: Clock,
        logger: Logger,
      ) => new EvaluateExchange({ ledgers, partners, gather, settle, write, clock, logger }),
    ),
    provide(
      ReceiveCertificate,
      [LEDGERS, ARCHIVE, GatherFacts, EvaluateExchange, CLOCK, LOGGER],
      (
        ledgers: Ledgers,
        archive: Archive,
        gather: GatherFacts,
        evaluate: EvaluateExchange,
        clock: Clock,
        logger: Logger,
      ) => new ReceiveCertificate({ ledgers, archive, gather, evaluate, clock, logger }),
    ),
    provide(
      ReceiveAnswer,
      [LEDGERS, PARTNERS, CLOCK],
      (ledgers: Ledgers, partners: Partners, clock: Clock) => new ReceiveAnswer({ ledgers, partners, clock }),
    ),
    provide(
      SendCertificates,
      [LEDGERS, PARTNERS, AUDIT, CLOCK],
      (ledgers: Ledgers, partners: Partners, audit: AuditTrail, clock: Clock) =>
        new SendCertificates({ ledgers, partners, audit, clock }),
    ),
    provide(ServeOutbox, [LEDGERS, CLOCK], (ledgers: Ledgers, clock: Clock) => new ServeOutbox({ ledgers, clock })),
    provide(
      FollowPartner,
      [LEDGERS, PARTNERS, CLOCK],
      (ledgers: Ledgers, partners: Partners, clock: Clock) => new FollowPartner({ ledgers, partners, clock }),
    ),
    provide(
      LeaseDialling,
      [LEDGERS, FollowPartner, CLOCK],
      (ledgers: Ledgers, follow: FollowPartner, clock: Clock) => new LeaseDialling({ ledgers, follow, clock }),
    ),
    provide(
      ShowBypass,
      [LEDGERS, PARTNERS],
      (ledgers: Ledgers, partners: Partners) => new ShowBypass({ ledgers, partners }),
    ),
    provide(
      ShowExchanges,
      [LEDGERS, ARCHIVE],
      (ledgers: Ledgers, archive: Archive) => new ShowExchanges({ ledgers, archive }),
    ),
    provide(
      Recover,
      [LEDGERS, EvaluateExchange, FollowPartner, HELD_INDEX, LOGGER],
      (ledgers: Ledgers, evaluate: EvaluateExchange, follow: FollowPartner, held: HeldIndex, logger: Logger) =>
        new Recover({ ledgers, evaluate, follow, held, logger }),
    ),
    provide(
      ShowApprovals,
      [LEDGERS, HELD_INDEX],
      (ledgers: Ledgers, held: HeldIndex) => new ShowApprovals({ ledgers, held }),
    ),
    provide(
      DecideApproval,
      [LEDGERS, HELD_INDEX, PARTNERS, EvaluateExchange, ShowExchanges, CLOCK],
      (
        ledgers: Ledgers,
        held: HeldIndex,
        partners: Partners,
        evaluate: EvaluateExchange,
        exchanges: ShowExchanges,
        clock: Clock,
      ) => new DecideApproval({ ledgers, held, partners, evaluate, exchanges, clock }),
    ),
    provide(
      DryRun,
      [PARTNERS, GatherFacts, CLOCK],
      (partners: Partners, gather: GatherFacts, clock: Clock) => new DryRun({ partners, gather, clock }),
    ),
    provide(
      ResumeHeld,
      [LEDGERS, HELD_INDEX, EvaluateExchange, CLOCK, LOGGER],
      (ledgers: Ledgers, held: HeldIndex, evaluate: EvaluateExchange, clock: Clock, logger: Logger) =>
        new ResumeHeld({ ledgers, held, evaluate, clock, logger }),
    ),
    provide(
      ArchiveUpgrade,
      [STORE, ARCHIVE, LEDGERS, LOGGER],
      (store: DocumentStore, archive: DocumentArchive, ledgers: Ledgers, logger: Logger) =>
        new ArchiveUpgrade(store, { archive, ledgers, logger }),
    ),
    RecoverAtStart,
  ],
};
