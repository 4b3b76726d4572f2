import type { ServiceName } from '@certlane/contracts';
import type { RunningStation } from '../../support/running-station.js';
import { alterDocument } from './store-tampering.js';

/**
 * Somebody who can write the store of a service changes a block of its audit trail: one text stands there for another.
 * @returns the key of the block; undefined when no block has the text
 */
export function alterAudit(
  station: RunningStation,
  service: ServiceName,
  what: string,
  instead: string,
): Promise<string | undefined> {
  return alterDocument(station, { service, collection: 'audit', what, instead });
}
