import type { Certificate } from '../certificate/index.js';
import { failed, passed } from './check-results.js';
import type { RevocationPolicy, RevocationState } from './revocation-source.js';
import type { PathCheck, PathVerdict } from './verdict.js';

/** What asking about the revocation of a path brought. */
export interface RevocationOutcome {
  readonly checks: readonly PathCheck[];
  readonly status: PathVerdict['revocation'];
}

/** Asks about each certificate once, however many paths it stands in with the same authorities above it. */
export class RevocationInquiry {
  readonly #answers = new Map<string, RevocationState>();

  constructor(
    private readonly policy: RevocationPolicy,
    private readonly at: Date,
  ) {}

  /**
   * RFC 5280 §6.1.3 (a)(3), from the anchor down: what an authority says that is itself revoked, or may be, counts for nothing, so
   * the first that is not trusted ends the questions.
   */
  judge(path: readonly Certificate[]): RevocationOutcome {
    const checks: PathCheck[] = [];
    let status: RevocationOutcome['status'] = 'not-asked';
    for (let at = path.length - 2; at >= 0; at -= 1) {
      const [certificate, ...above] = path.slice(at);
      if (certificate === undefined) continue;
      const state = this.#ask([certificate, ...above]);
      const check = this.#checkOf(certificate, state);
      checks.unshift(check);
      if (state.status !== 'good' || status === 'not-asked') status = state.status;
      if (!check.ok) break;
    }
    return { checks, status };
  }

  #ask(path: readonly Certificate[]): RevocationState {
    const key = path.map(({ fingerprint }) => fingerprint).join();
    const state = this.#answers.get(key) ?? this.policy.source(path, this.at);
    this.#answers.set(key, state);
    return state;
  }

  #checkOf(certificate: Certificate, state: RevocationState): PathCheck {
    switch (state.status) {
      case 'good':
        return passed('revocation', certificate, `is not revoked: it ${state.message}`);
      case 'revoked':
        return failed(
          'revocation',
          certificate,
          `was revoked at ${state.at.toISOString()} (${state.reason}): it ${state.message}`,
        );
      case 'undetermined': {
        const message = `may be revoked, nobody knows: ${state.message}`;
        return this.policy.mode === 'fail'
          ? failed('revocation', certificate, message)
          : passed('revocation', certificate, `${message}; that is let pass`);
      }
    }
  }
}
