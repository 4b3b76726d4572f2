import { registry, type Exchange } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { subStationOf } from '../output/exchange-party.js';
import { allExchanges } from './resolve.js';

/** Which exchanges are meant; left out, all of them. */
export interface ExchangeFilter {
  readonly station?: string;
  /** A partner, its sub-stations included; or one sub-station, whose files come and go in the sessions of its partner. */
  readonly partner?: string;
}

/** The newest exchanges, newest first. */
export async function newestExchanges(bus: Bus, filter: ExchangeFilter, limit: number): Promise<Exchange[]> {
  const found = await take(allExchanges(bus, filter), limit, () => true);
  const { partner, station } = filter;
  if (partner === undefined) return found;
  const where = { id: partner, ...(station === undefined ? {} : { station }) };
  const known = await everyEntry(bus, registry.partnerList, where, (page) => page.partners);
  for (const one of known) {
    if (one.via === undefined) continue;
    const carried = allExchanges(bus, { station: one.station, partner: one.via });
    found.push(...(await take(carried, limit, (exchange) => subStationOf(exchange) === partner)));
  }
  return found.sort((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, limit);
}

async function take(
  exchanges: AsyncIterable<Exchange>,
  limit: number,
  wanted: (exchange: Exchange) => boolean,
): Promise<Exchange[]> {
  const taken: Exchange[] = [];
  for await (const exchange of exchanges) {
    if (wanted(exchange) && taken.push(exchange) >= limit) break;
  }
  return taken;
}
