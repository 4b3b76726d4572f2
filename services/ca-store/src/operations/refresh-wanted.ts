import { CLOCK, LOGGER, type Clock, type Logger } from '@certlane/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { editsFor } from '../domain/refresh/needs.js';
import { TRUST_STATE, type TrustState } from '../ports/trust-state.js';
import type { RevocationNeed, Wanted } from '../ports/wanted.js';

/** Certificates that are remembered between two writes; a later validation tells again what is beyond. */
const MOST_REMEMBERED = 1_000;
/** Validations come in crowds: what they lack is written together. */
const DELAY_MS = 500;
/** Certificates of which was told lately that everything is known: they cost nothing for a while. */
const SETTLED_MS = 10 * 60_000;
const MOST_SETTLED = 20_000;

/**
 * {@link Wanted} by way of the trust state: whichever replica judges a certificate writes down where its revocation is to be learned, and
 * whichever replica reads lists finds it there.
 */
@Injectable()
export class RememberWanted implements Wanted, OnModuleDestroy {
  readonly #state: TrustState;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #needs = new Map<string, RevocationNeed>();
  readonly #settled = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(@Inject(TRUST_STATE) state: TrustState, @Inject(CLOCK) clock: Clock, @Inject(LOGGER) logger: Logger) {
    this.#state = state;
    this.#clock = clock;
    this.#logger = logger;
  }

  note(need: RevocationNeed): void {
    const key = `${need.certificate.fingerprint} ${need.issuer.fingerprint} ${need.by ?? ''}`;
    const settled = this.#settled.get(key);
    if (settled !== undefined && this.#clock.now().getTime() - settled < SETTLED_MS) return;
    if (this.#needs.size >= MOST_REMEMBERED) return;
    this.#needs.set(key, need);
    this.#timer ??= setTimeout(() => void this.#write(), DELAY_MS);
  }

  onModuleDestroy(): void {
    clearTimeout(this.#timer);
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    const needs = this.#needs;
    this.#needs = new Map();
    try {
      await this.#state.change((view) => {
        const { lists, answers } = editsFor(needs.values(), view, this.#clock.now());
        return { revocationLists: { put: lists }, answers: { put: answers }, result: undefined };
      });
      this.#settle(needs.keys());
    } catch (thrown) {
      // The next validation tells again.
      this.#logger.warn({ err: thrown }, 'where revocation is to be learned could not be written');
    }
  }

  #settle(keys: Iterable<string>): void {
    const now = this.#clock.now().getTime();
    if (this.#settled.size > MOST_SETTLED) this.#settled.clear();
    for (const key of keys) this.#settled.set(key, now);
  }
}
