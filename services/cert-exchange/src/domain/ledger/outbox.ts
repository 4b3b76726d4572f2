import type { OutboxItem, SessionMode } from '@certlane/contracts';
import { toldToPartner } from '../acceptance/told-to-partner.js';
import { negativeAnswer, positiveAnswer } from '../virtual-file.js';
import { passesInBypass } from './bypass.js';
import type { ExchangeRecord, Ledger } from './record.js';

/**
 * What a partner gets next: answers we owe before files, each oldest first (RFC 5024 §4.3.8 lets nothing overtake an answer).
 * @param exclude exchanges this session was offered already
 */
export function nextItem(ledger: Ledger, exclude: ReadonlySet<string>, mode: SessionMode): OutboxItem | undefined {
  const passes = mode === 'full' ? () => true : passesInBypass(ledger);
  const waiting = ledger.open.filter((open) => !exclude.has(open.id) && passes(open));
  const decided = waiting.find(({ state }) => state === 'accepted' || state === 'refused');
  if (decided !== undefined) {
    const answer =
      decided.state === 'accepted'
        ? positiveAnswer(decided.file)
        : negativeAnswer(decided.file, ledger.station, toldToPartner(decided));
    return { type: 'answer', exchange: decided.id, answer };
  }
  const queued = waiting.find(({ state }) => state === 'queued');
  if (queued === undefined) return undefined;
  return {
    type: 'file',
    exchange: queued.id,
    file: { identity: queued.file, description: queued.description, octets: queued.octets },
  };
}

/** Whether an exchange has something for the partner: a file of ours, or our answer to one. */
export function waitsToBeHandedOver({ state }: ExchangeRecord): boolean {
  return state === 'queued' || state === 'accepted' || state === 'refused';
}

/** Whether anything waits for the partner. */
export function isWaiting(ledger: Ledger): boolean {
  return ledger.open.some(waitsToBeHandedOver);
}
