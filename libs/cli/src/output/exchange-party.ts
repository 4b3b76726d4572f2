import type { Exchange } from '@certlane/contracts';
import { printable } from './style.js';

/** The sub-station whose certificate came, or that ours went to; undefined where it is the partner of the session itself. */
export function subStationOf({ direction, partner, file }: Pick<Exchange, 'direction' | 'partner' | 'file'>) {
  const other = direction === 'inbound' ? file.originator : file.destination;
  return other === partner ? undefined : other;
}

/** `O0177BETA`, or `O0177BETAPLANT via O0177BETA` for a sub-station. */
export function partyWords(exchange: Pick<Exchange, 'direction' | 'partner' | 'file'>): string {
  const subStation = subStationOf(exchange);
  const partner = printable(exchange.partner);
  return subStation === undefined ? partner : `${printable(subStation)} via ${partner}`;
}
