import type { DataOf, gatewayEvents } from '@certlane/contracts';

/** Everything there is to tell of a session that is over. */
export type SessionReport = DataOf<typeof gatewayEvents.sessionEnded>;

/** Hears of every session that is over. */
export interface SessionEnds {
  /** Never throws and never waits. `known`: the partner has proven who it is, or we called it. */
  ended(report: SessionReport, known: boolean): void;
}
