import { exchangeRequests, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { Serves, type Call } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { DecideApproval } from '../operations/decide-approval.js';
import { DryRun } from '../operations/dry-run.js';
import { ShowApprovals } from '../operations/show-approvals.js';

type In<C extends keyof typeof exchangeRequests> = ParsedRequestOf<(typeof exchangeRequests)[C]>;
type Out<C extends keyof typeof exchangeRequests> = Promise<ReplyOf<(typeof exchangeRequests)[C]>>;

/** What persons decide about certificates, and what they ask before. */
@Controller()
export class ApprovalController {
  constructor(
    @Inject(ShowApprovals) private readonly approvals: ShowApprovals,
    @Inject(DecideApproval) private readonly decideApproval: DecideApproval,
    @Inject(DryRun) private readonly dryRun: DryRun,
  ) {}

  @Serves(exchangeRequests.approvalList)
  list(request: In<'approvalList'>): Out<'approvalList'> {
    return this.approvals.list(request);
  }

  @Serves(exchangeRequests.approvalGet)
  get({ id }: In<'approvalGet'>): Out<'approvalGet'> {
    return this.approvals.get(id);
  }

  @Serves(exchangeRequests.approvalAccept)
  async accept(request: In<'approvalAccept'>, { actor }: Call): Out<'approvalAccept'> {
    return { exchange: await this.decideApproval.accept(request, actor) };
  }

  @Serves(exchangeRequests.approvalReject)
  async reject(request: In<'approvalReject'>, { actor }: Call): Out<'approvalReject'> {
    return { exchange: await this.decideApproval.reject(request, actor) };
  }

  @Serves(exchangeRequests.decide)
  decide(request: In<'decide'>): Out<'decide'> {
    return this.dryRun.run(request);
  }
}
