import { isCertlaneError, registry, type OwnCertificate, type Station } from '@certlane/contracts';
import type { Bus } from '@certlane/runtime';
import type { OwnKeys } from '../ports/own-keys.js';

/** Keys and certificates as partner-registry keeps them. */
export class RegistryOwnKeys implements OwnKeys {
  readonly #bus: Bus;

  constructor(bus: Bus) {
    this.#bus = bus;
  }

  async station(station: string): Promise<Station> {
    return (await this.#bus.request(registry.stationGet, { station })).station;
  }

  async addKey(station: string, keyId: string, sealedKey: string, actor: string | undefined): Promise<void> {
    await this.#bus.request(registry.keyAdd, { station, keyId, sealedKey }, by(actor));
  }

  async hasKey(station: string, keyId: string): Promise<boolean> {
    try {
      await this.#bus.request(registry.keyGet, { station, keyId });
      return true;
    } catch (error) {
      if (isCertlaneError(error) && error.code === 'not-found') return false;
      throw error;
    }
  }

  async addCertificate(
    station: string,
    { der, chain, keyId }: Parameters<OwnKeys['addCertificate']>[1],
    actor: string | undefined,
  ): Promise<OwnCertificate> {
    const request = { station, certificate: base64(der), chain: chain.map(base64), keyId };
    return (await this.#bus.request(registry.ownCertificateAdd, request, by(actor))).certificate;
  }
}

/** Passes on who acts; where nobody does, the gateway acts by itself. */
const by = (actor: string | undefined) => (actor === undefined ? {} : { actor });

function base64(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64');
}
