import { ca, registry } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import type { StationTls, TlsStore } from '../ports/tls-store.js';

/** TLS certificates of our stations from partner-registry, issuers from ca-store. */
export class BusTlsStore implements TlsStore {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async stations(): Promise<readonly StationTls[]> {
    return (await this.#bus.request(registry.stationTls, {})).stations;
  }

  async issuers(): Promise<readonly Uint8Array[]> {
    const { issuers } = await this.#bus.request(ca.issuerList, {});
    return issuers.map(({ certificate }) => Buffer.from(certificate, 'base64'));
  }
}
