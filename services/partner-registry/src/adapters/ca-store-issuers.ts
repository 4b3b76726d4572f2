import { ca, isCertlaneError } from '@certlane/contracts';
import { BUS, type Bus } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Issuers, KnownIssuer } from '../ports/issuers.js';

/** {@link Issuers}, asked of ca-store. */
@Injectable()
export class CaStoreIssuers implements Issuers {
  readonly #bus: Bus;

  constructor(@Inject(BUS) bus: Bus) {
    this.#bus = bus;
  }

  async get(fingerprint: string): Promise<KnownIssuer | undefined> {
    try {
      return await this.#bus.request(ca.issuerGet, { fingerprint });
    } catch (error) {
      if (isCertlaneError(error) && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}
