import { CertlaneError, type UsableCertificate } from '@certlane/contracts';
import { CLOCK, type Clock } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OwnCertificateFacts } from '../domain/records.js';
import type { OwnCertificates, SealedKeys } from '../ports/own-certificates.js';
import { OWN_CERTIFICATES, SEALED_KEYS } from '../ports/tokens.js';

/** A certificate and its key are the same for ever under their names; only a chain may be completed, which shows after so long. */
const KEPT_MILLISECONDS = 30_000;
const MOST_KEPT = 1_000;

/** Fetches what the gateway needs to use certificates of ours; every session asks for the same few. */
@Injectable()
export class UsableCertificates {
  readonly #certificates: OwnCertificates;
  readonly #keys: SealedKeys;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { readonly until: number; readonly value: UsableCertificate }>();

  constructor(
    @Inject(OWN_CERTIFICATES) certificates: OwnCertificates,
    @Inject(SEALED_KEYS) keys: SealedKeys,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#certificates = certificates;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** Each with its sealed key, in the order given; without chains, which many certificates would make too large for one reply. */
  all(station: string, facts: readonly OwnCertificateFacts[]): Promise<UsableCertificate[]> {
    return Promise.all(facts.map(async (one) => ({ ...(await this.one(station, one)), chain: [] })));
  }

  /**
   * One with its chain and its sealed key.
   * @throws {CertlaneError} `internal` when the store has lost either: both were kept before the station knew of them
   */
  async one(station: string, facts: OwnCertificateFacts): Promise<UsableCertificate> {
    const name = `${station} ${facts.fingerprint}`;
    const now = this.#clock.now().getTime();
    const kept = this.#kept.get(name);
    if (kept !== undefined && kept.until > now) return kept.value;
    const value = await this.#fetch(station, facts);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(name, { until: now + KEPT_MILLISECONDS, value });
    return value;
  }

  async #fetch(station: string, { fingerprint, keyId }: OwnCertificateFacts): Promise<UsableCertificate> {
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
