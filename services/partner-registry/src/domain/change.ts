import type { DataOf, EventContract } from '@certlane/contracts';

/** Something that happened to a record, to be told as an event together with the change. */
export interface Fact {
  readonly contract: EventContract;
  readonly data: unknown;
}

/** What an operation makes of a record: the record to keep and what to tell. No facts and the same record: no change. */
export interface Change<Record> {
  readonly record: Record;
  readonly facts: readonly Fact[];
}

/** Something that happened, with the data its contract asks for. */
export function fact<C extends EventContract>(contract: C, data: DataOf<C>): Fact {
  return { contract, data };
}

/** Everything is already as it was asked to be. */
export function unchanged<Record>(record: Record): Change<Record> {
  return { record, facts: [] };
}
