import { ca, isCertlaneError, registry, type Issuer } from '@certlane/contracts';
import { everyEntry, type Bus } from '@certlane/runtime';
import type { StationTls, TlsStore } from '../ports/tls-store.js';

/** Entries a page: a page is read in one go, and sessions wait meanwhile. */
const PAGE = { stations: 25, issuers: 50 };

/** TLS certificates of our stations from partner-registry, issuers from ca-store. */
export class BusTlsStore implements TlsStore {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  stations(): Promise<readonly StationTls[]> {
    return everyEntry(this.#bus, registry.stationTls, { limit: PAGE.stations }, ({ stations }) => stations);
  }

  async station(station: string): Promise<StationTls | undefined> {
    return (await this.#bus.request(registry.stationTls, { station })).stations[0];
  }

  issuers(): Promise<readonly Uint8Array[]> {
    const request = { usableByPartners: true, limit: PAGE.issuers };
    return everyEntry(this.#bus, ca.issuerList, request, ({ issuers }) =>
      issuers.map(({ certificate }) => Buffer.from(certificate, 'base64')),
    );
  }

  async issuer(fingerprint: string): Promise<Uint8Array | undefined> {
    try {
      const { issuer } = await this.#bus.request(ca.issuerGet, { fingerprint });
      return isUsableByPartners(issuer) ? Buffer.from(issuer.certificate, 'base64') : undefined;
    } catch (error) {
      if (isCertlaneError(error) && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

/** As `usableByPartners` of the list has it: what only completes paths is no anchor of TLS either. */
function isUsableByPartners({ installed, lists }: Issuer): boolean {
  return installed?.purpose === 'oftp2' || lists.length > 0;
}
