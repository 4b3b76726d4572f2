import { registry, type SessionProfile } from '@certlane/contracts';
import { everyEntry, type Bus } from '@certlane/runtime';
import type { PartnerDirectory } from '../ports/partner-directory.js';

/** Partners as partner-registry knows them. */
export class RegistryDirectory implements PartnerDirectory {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async profiles(partner: string, station?: string): Promise<readonly SessionProfile[]> {
    const request = { partner, ...(station === undefined ? {} : { station }) };
    return everyEntry(this.#bus, registry.sessionProfiles, request, ({ profiles }) => profiles);
  }
}
