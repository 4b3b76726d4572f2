import {
  exchangeJobs,
  exchangeRequests,
  isCertlaneError,
  type DataOf,
  type ParsedRequestOf,
  type ReplyOf,
} from '@certlane/contracts';
import { Does, Serves, type Call } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { EvaluateExchange } from '../operations/evaluate-exchange.js';
import { FollowPartner } from '../operations/follow-partner.js';
import { SendCertificates } from '../operations/send-certificates.js';
import { ShowBypass } from '../operations/show-bypass.js';
import { ShowExchanges } from '../operations/show-exchanges.js';

type In<C extends keyof typeof exchangeRequests> = ParsedRequestOf<(typeof exchangeRequests)[C]>;
type Out<C extends keyof typeof exchangeRequests> = Promise<ReplyOf<(typeof exchangeRequests)[C]>>;

/** What operators ask, and the job of deciding later. */
@Controller()
export class ExchangeController {
  constructor(
    @Inject(SendCertificates) private readonly sendCertificates: SendCertificates,
    @Inject(ShowExchanges) private readonly exchanges: ShowExchanges,
    @Inject(ShowBypass) private readonly showBypass: ShowBypass,
    @Inject(EvaluateExchange) private readonly evaluateExchange: EvaluateExchange,
    @Inject(FollowPartner) private readonly followPartner: FollowPartner,
  ) {}

  @Serves(exchangeRequests.send)
  async send(request: In<'send'>, { actor }: Call): Out<'send'> {
    return { exchanges: await this.sendCertificates.run(request, actor) };
  }

  @Serves(exchangeRequests.exchangeList)
  list(request: In<'exchangeList'>): Out<'exchangeList'> {
    return this.exchanges.list(request);
  }

  @Serves(exchangeRequests.exchangeGet)
  async get(request: In<'exchangeGet'>): Out<'exchangeGet'> {
    return { exchange: await this.exchanges.get(request.id) };
  }

  @Serves(exchangeRequests.bypassUses)
  async bypassUses({ station, partner }: In<'bypassUses'>): Out<'bypassUses'> {
    return { uses: await this.showBypass.uses({ station, partner }) };
  }

  @Does(exchangeJobs.evaluate)
  async evaluate({ station, partner, exchange }: DataOf<typeof exchangeJobs.evaluate>): Promise<void> {
    try {
      await this.evaluateExchange.run({ station, partner }, exchange);
    } catch (thrown) {
      if (!isCertlaneError(thrown) || thrown.code !== 'not-found') throw thrown;
      // The partner was removed: there is nobody left to decide for, now or later.
      await this.followPartner.run({ station, partner });
    }
  }
}
