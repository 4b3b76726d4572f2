import { registryEvents, type CloudEvent, type DataOf } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { FollowPartner } from '../operations/follow-partner.js';

/**
 * Follows what operators do to partners as soon as they do it. An event that is missed is made up for: by the next call to the
 * partner, and at the next start.
 */
@Controller()
export class PartnerEventsHandler {
  constructor(@Inject(FollowPartner) private readonly followPartner: FollowPartner) {}

  @Hears(registryEvents.partnerChanged)
  async changed({ data }: CloudEvent<DataOf<typeof registryEvents.partnerChanged>>): Promise<void> {
    if (data.changed.includes('connection')) await this.followPartner.run(data);
  }

  @Hears(registryEvents.partnerRemoved)
  async removed({ data }: CloudEvent<DataOf<typeof registryEvents.partnerRemoved>>): Promise<void> {
    await this.followPartner.run(data);
  }
}
