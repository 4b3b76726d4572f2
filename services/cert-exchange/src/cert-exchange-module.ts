import { exchangeRequests } from '@certlane/contracts';
import {
  auditController,
  BUS,
  CLOCK,
  LOGGER,
  MESSAGES,
  STORE,
  type Bus,
  type Clock,
  type DocumentStore,
  type Logger,
  type Messages,
  type ServiceParts,
} from '@certlane/runtime';
import { Inject, type FactoryProvider, type OnApplicationBootstrap } from '@nestjs/common';
import { BusPartners } from './adapters/bus-partners.js';
import { BusValidator } from './adapters/bus-validator.js';
import { DocumentArchive, DocumentLedgers } from './adapters/document-ledgers.js';
import { ExchangeController } from './handlers/exchange.controller.js';
import { PartnerEventsHandler } from './handlers/partner-events.handler.js';
import { SessionController } from './handlers/session.controller.js';
import { DecideSession } from './operations/decide-session.js';
import { EvaluateExchange } from './operations/evaluate-exchange.js';
import { FollowPartner } from './operations/follow-partner.js';
import { LeaseDialling } from './operations/lease-dialling.js';
import { ReceiveAnswer } from './operations/receive-answer.js';
import { ReceiveCertificate } from './operations/receive-certificate.js';
import { Recover } from './operations/recover.js';
import { SendCertificates } from './operations/send-certificates.js';
import { ServeOutbox } from './operations/serve-outbox.js';
import { ShowExchanges } from './operations/show-exchanges.js';
import { ARCHIVE, LEDGERS, type Archive, type Ledgers } from './ports/ledgers.js';
import { PARTNERS, type Partners } from './ports/partners.js';
import { VALIDATOR, type Validator } from './ports/validator.js';

/** Takes up what was left undone once the service is wired; its failure must not keep the service from serving. */
class RecoverAtStart implements OnApplicationBootstrap {
  constructor(
    @Inject(Recover) private readonly recover: Recover,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.recover.run().catch((error: unknown) => this.logger.error({ err: error }, 'recovery failed'));
  }
}

const provide = (
  token: FactoryProvider['provide'],
  inject: NonNullable<FactoryProvider['inject']>,
  useFactory: FactoryProvider['useFactory'],
): FactoryProvider => ({ provide: token, inject, useFactory });

/** Everything the service is made of: stores and neighbours, operations, handlers. */
export const certExchangeModule: ServiceParts['module'] = {
  controllers: [SessionController, ExchangeController, PartnerEventsHandler, auditController(exchangeRequests)],
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
      [PARTNERS, LEDGERS],
      (partners: Partners, ledgers: Ledgers) => new DecideSession({ partners, ledgers }),
    ),
    provide(
      EvaluateExchange,
      [LEDGERS, PARTNERS, VALIDATOR, CLOCK, LOGGER],
      (ledgers: Ledgers, partners: Partners, validator: Validator, clock: Clock, logger: Logger) =>
        new EvaluateExchange({ ledgers, partners, validator, clock, logger }),
    ),
    provide(
      ReceiveCertificate,
      [LEDGERS, ARCHIVE, EvaluateExchange, CLOCK, LOGGER],
      (ledgers: Ledgers, archive: Archive, evaluate: EvaluateExchange, clock: Clock, logger: Logger) =>
        new ReceiveCertificate({ ledgers, archive, evaluate, clock, logger }),
    ),
    provide(
      ReceiveAnswer,
      [LEDGERS, PARTNERS, CLOCK],
      (ledgers: Ledgers, partners: Partners, clock: Clock) => new ReceiveAnswer({ ledgers, partners, clock }),
    ),
    provide(
      SendCertificates,
      [LEDGERS, PARTNERS, CLOCK],
      (ledgers: Ledgers, partners: Partners, clock: Clock) => new SendCertificates({ ledgers, partners, clock }),
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
      ShowExchanges,
      [LEDGERS, ARCHIVE],
      (ledgers: Ledgers, archive: Archive) => new ShowExchanges({ ledgers, archive }),
    ),
    provide(
      Recover,
      [LEDGERS, EvaluateExchange, FollowPartner, LOGGER],
      (ledgers: Ledgers, evaluate: EvaluateExchange, follow: FollowPartner, logger: Logger) =>
        new Recover({ ledgers, evaluate, follow, logger }),
    ),
    RecoverAtStart,
  ],
};
