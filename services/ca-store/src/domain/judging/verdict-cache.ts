import type { Case } from './case.js';
import type { Judgement } from './judge.js';

/** Verdicts held: a few kilobytes each. */
const MAXIMUM = 1_000;
const MINUTE = 60_000;

/**
 * Verdicts of this very minute, so that what ends inside it counts until the next one. They fall with the version of the trust state they
 * stand on. Exchanges ask about the same certificate several times in a row.
 */
export class VerdictCache {
  readonly #verdicts = new Map<string, Judgement>();
  #version = -1;
  #minute = -1;

  /** The verdict on a case that asks about now, from before or by `judge`. */
  verdict(asked: Case, judge: () => Judgement): Judgement {
    const minute = Math.floor(asked.at.getTime() / MINUTE);
    if (asked.view.version !== this.#version || minute !== this.#minute) {
      this.#verdicts.clear();
      this.#version = asked.view.version;
      this.#minute = minute;
    }
    const key = keyOf(asked);
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const judged = judge();
    if (this.#verdicts.size >= MAXIMUM) this.#verdicts.clear();
    this.#verdicts.set(key, judged);
    return judged;
  }
}

const keyOf = ({ certificate, chain, usage, revocation, weakKeys }: Case): string =>
  JSON.stringify([certificate.fingerprint, chain.map(({ fingerprint }) => fingerprint), usage, revocation, weakKeys]);
