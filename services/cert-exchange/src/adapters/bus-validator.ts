import { ca, type ValidationVerdict } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import type { ValidationRules, Validator } from '../ports/validator.js';

/** ca-store over the bus. */
export class BusValidator implements Validator {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async validate(certificate: string, { revocation, weakKeys, at }: ValidationRules): Promise<ValidationVerdict> {
    const judgedAt = at === undefined ? {} : { at: at.toISOString() };
    const { verdict } = await this.#bus.request(ca.certificateValidate, {
      certificate,
      revocation,
      weakKeys,
      ...judgedAt,
    });
    return verdict;
  }
}
