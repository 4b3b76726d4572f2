import { ca, isCertlaneError, type Issuer } from '@certlane/contracts';
import { BUS, type Bus } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Issuers } from '../ports/issuers.js';

/** {@link Issuers}, asked of ca-store. */
@Injectable()
export class CaStoreIssuers implements Issuers {
  readonly #bus: Bus;

  constructor(@Inject(BUS) bus: Bus) {
    this.#bus = bus;
  }

  async get(fingerprint: string): Promise<Issuer | undefined> {
    try {
      return (await this.#bus.request(ca.issuerGet, { fingerprint })).issuer;
    } catch (error) {
      if (isCertlaneError(error) && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}
