import { exchangeRequests, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { Serves } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { DecideSession } from '../operations/decide-session.js';
import { LeaseDialling } from '../operations/lease-dialling.js';
import { ReceiveAnswer } from '../operations/receive-answer.js';
import { ReceiveCertificate } from '../operations/receive-certificate.js';
import { ServeOutbox } from '../operations/serve-outbox.js';

type In<C extends keyof typeof exchangeRequests> = ParsedRequestOf<(typeof exchangeRequests)[C]>;
type Out<C extends keyof typeof exchangeRequests> = Promise<ReplyOf<(typeof exchangeRequests)[C]>>;

/** What the gateway asks while a session runs. */
@Controller()
export class SessionController {
  constructor(
    @Inject(DecideSession) private readonly decideSession: DecideSession,
    @Inject(ReceiveCertificate) private readonly receiveCertificate: ReceiveCertificate,
    @Inject(ReceiveAnswer) private readonly receiveAnswer: ReceiveAnswer,
    @Inject(ServeOutbox) private readonly outbox: ServeOutbox,
    @Inject(LeaseDialling) private readonly dialling: LeaseDialling,
  ) {}

  @Serves(exchangeRequests.sessionDecide)
  decide(request: In<'sessionDecide'>): Out<'sessionDecide'> {
    return this.decideSession.run(request);
  }

  @Serves(exchangeRequests.certificateReceive)
  receive(request: In<'certificateReceive'>): Out<'certificateReceive'> {
    return this.receiveCertificate.run(request);
  }

  @Serves(exchangeRequests.answerReceive)
  async answer(request: In<'answerReceive'>): Out<'answerReceive'> {
    return { known: await this.receiveAnswer.run(request) };
  }

  @Serves(exchangeRequests.outboxNext)
  async next(request: In<'outboxNext'>): Out<'outboxNext'> {
    const item = await this.outbox.next(request);
    return item === undefined ? {} : { item };
  }

  @Serves(exchangeRequests.outboxSettle)
  async settle(request: In<'outboxSettle'>): Out<'outboxSettle'> {
    await this.outbox.settle(request);
    return {};
  }

  @Serves(exchangeRequests.dialClaim)
  claim(request: In<'dialClaim'>): Out<'dialClaim'> {
    return this.dialling.claim(request);
  }

  @Serves(exchangeRequests.dialReport)
  report(request: In<'dialReport'>): Out<'dialReport'> {
    return this.dialling.report(request);
  }
}
