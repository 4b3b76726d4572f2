import type { exchangeRequests, ParsedReplyOf, RequestOf } from '@certlane/contracts';

/** What we saw of a session when it is to be decided. */
export type TrustQuestion = RequestOf<typeof exchangeRequests.sessionDecide>;

/** Whether the session may run, and how. */
export type TrustDecision = ParsedReplyOf<typeof exchangeRequests.sessionDecide>;

/** The decision to run a session. */
export type RunDecision = Extract<TrustDecision, { verdict: 'run' }>;

/** Decides over sessions: who may, in which mode, with which certificates. */
export interface SessionTrust {
  /** @throws {CertlaneError} `unavailable`: then the session does not run */
  decide(question: TrustQuestion): Promise<TrustDecision>;
}
