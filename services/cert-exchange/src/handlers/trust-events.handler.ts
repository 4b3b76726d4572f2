import { caEvents } from '@certlane/contracts';
import { Hears } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { ResumeHeld } from '../operations/resume-held.js';

/** Decides anew, as soon as ca-store knows more, what waits for that; an event that is missed is made up for by the next walk. */
@Controller()
export class TrustEventsHandler {
  constructor(@Inject(ResumeHeld) private readonly resume: ResumeHeld) {}

  @Hears(caEvents.revocationListTaken)
  async revocationListTaken(): Promise<void> {
    await this.resume.run();
  }

  @Hears(caEvents.trustListTaken)
  async trustListTaken(): Promise<void> {
    await this.resume.run();
  }

  @Hears(caEvents.issuerAdded)
  async issuerAdded(): Promise<void> {
    await this.resume.run();
  }
}
