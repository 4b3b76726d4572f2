import { CertlaneError, type UsableCertificate } from '@certlane/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { OwnCertificateFacts } from '../domain/records.js';
import type { OwnCertificates, SealedKeys } from '../ports/own-certificates.js';
import { OWN_CERTIFICATES, SEALED_KEYS } from '../ports/tokens.js';

/** Fetches what the gateway needs to use certificates of ours. */
@Injectable()
export class UsableCertificates {
  readonly #certificates: OwnCertificates;
  readonly #keys: SealedKeys;

  constructor(@Inject(OWN_CERTIFICATES) certificates: OwnCertificates, @Inject(SEALED_KEYS) keys: SealedKeys) {
    this.#certificates = certificates;
    this.#keys = keys;
  }

  /** Each with its chain and its sealed key, in the order given. */
  all(station: string, facts: readonly OwnCertificateFacts[]): Promise<UsableCertificate[]> {
    return Promise.all(facts.map((one) => this.one(station, one)));
  }

  /**
   * One with its chain and its sealed key.
   * @throws {CertlaneError} `internal` when the store has lost either: both were kept before the station knew of them
   */
  async one(station: string, { fingerprint, keyId }: OwnCertificateFacts): Promise<UsableCertificate> {
    const [own, key] = await Promise.all([
      this.#certificates.get(station, fingerprint),
      this.#keys.get(station, keyId),
    ]);
    if (own === undefined || key === undefined) {
      throw new CertlaneError(
        'internal',
        `certificate ${fingerprint} of station ${station} or its key ${keyId} is lost`,
      );
    }
    return { certificate: own.certificate, chain: [...own.chain], sealedKey: key.sealedKey };
  }
}
