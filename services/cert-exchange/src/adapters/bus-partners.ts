import { registry, type Partner, type PartnerRef, type RequestOf } from '@certlane/contracts';
import { everyEntry, type Bus } from '@certlane/runtime';
import type { ActiveCertificate, Partners, SessionFacts } from '../ports/partners.js';

/** partner-registry over the bus. */
export class BusPartners implements Partners {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async get({ station, partner }: PartnerRef): Promise<Partner> {
    return (await this.#bus.request(registry.partnerGet, { station, partner })).partner;
  }

  async ownCertificates(station: string): Promise<readonly ActiveCertificate[]> {
    return everyEntry(this.#bus, registry.ownCertificateList, { station }, ({ certificates }) => certificates);
  }

  async sessionFacts({ station, partner }: PartnerRef): Promise<SessionFacts> {
    return this.#bus.request(registry.sessionFacts, { station, partner });
  }

  async takeOver(request: RequestOf<typeof registry.certificateTakeOver>, actor: string | undefined): Promise<void> {
    await this.#bus.request(registry.certificateTakeOver, request, actor === undefined ? {} : { actor });
  }

  async decline({ station, partner }: PartnerRef, exchange: string): Promise<boolean> {
    return !(await this.#bus.request(registry.certificateDecline, { station, partner, exchange })).takenOver;
  }

  async switchOwn(request: RequestOf<typeof registry.ownCertificateSwitch>): Promise<void> {
    await this.#bus.request(registry.ownCertificateSwitch, request);
  }
}
