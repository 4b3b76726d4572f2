import type { SessionMode } from '@certlane/contracts';

/** A session that is up, as those it works for know it. */
export interface SessionContext {
  /** Names the session in logs, events and requests. */
  readonly session: string;
  readonly station: string;
  readonly partner: string;
  readonly mode: SessionMode;
  /** Odette IDs whose files come and go in the sessions of the partner, beside its own. */
  readonly subStations: readonly string[];
}
