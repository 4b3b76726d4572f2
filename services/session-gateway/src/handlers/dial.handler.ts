import { exchangeJobs, type PartnerRef } from '@certlane/contracts';
import { Does, type JobCall, type JobOutcome } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Dialer } from '../session/dialer.js';

/** Calls partners when cert-exchange asks for it. */
@Controller()
export class DialHandler {
  constructor(@Inject(Dialer) private readonly dialer: Dialer) {}

  @Does(exchangeJobs.dial)
  async dial(partner: PartnerRef, { signal }: JobCall): Promise<JobOutcome | undefined> {
    const retryAfterMilliseconds = await this.dialer.dial(partner, signal);
    return retryAfterMilliseconds === undefined ? undefined : { retryAfterMilliseconds };
  }
}
