import { ca, type ValidationVerdict } from '@certlane/contracts';
import { BUS, type Bus } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { ReviewTerms } from '../domain/standing.js';
import type { Validator } from '../ports/validator.js';

/** {@link Validator}, asked of ca-store. */
@Injectable()
export class CaStoreValidator implements Validator {
  readonly #bus: Bus;

  constructor(@Inject(BUS) bus: Bus) {
    this.#bus = bus;
  }

  async validate(
    certificate: string,
    { revocation, weakKeys }: ReviewTerms,
    wait?: { readonly milliseconds: number },
  ): Promise<ValidationVerdict> {
    const options = wait === undefined ? {} : { timeoutMs: wait.milliseconds };
    const { verdict } = await this.#bus.request(ca.certificateValidate, { certificate, revocation, weakKeys }, options);
    return verdict;
  }
}
