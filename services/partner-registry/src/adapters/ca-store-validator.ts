import { ca, type ValidationVerdict } from '@certlane/contracts';
import { BUS, type Bus } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { ReviewTerms } from '../domain/standing.js';
import type { Circumstances, Validator } from '../ports/validator.js';

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
    { chain = [], at, supposing, milliseconds }: Circumstances = {},
  ): Promise<ValidationVerdict> {
    const asked = {
      ...{ certificate, revocation, weakKeys },
      ...(chain.length === 0 ? {} : { chain: [...chain] }),
      ...(at === undefined ? {} : { at: at.toISOString() }),
      ...(supposing === undefined ? {} : { supposing: { are: supposing.are, issuers: [...supposing.issuers] } }),
    };
    const options = milliseconds === undefined ? {} : { timeoutMs: milliseconds };
    return (await this.#bus.request(ca.certificateValidate, asked, options)).verdict;
  }
}
