import { forLog } from '@certlane/oftp2';
import { endResponse, negativeEndResponse } from '../domain/virtual-file.js';
import type { Fate, Outbox, OutgoingAnswer, OutgoingFile } from '../ports/files.js';
import type { SessionContext } from '../ports/session-context.js';
import type { Peer } from './peer.js';
import type { Tally } from './tally.js';

/** What a Speaker works with. */
export interface SpeakerParts {
  readonly context: SessionContext;
  readonly outbox: Outbox;
  readonly tally: Tally;
  readonly closingDown: AbortSignal;
}

/** How our turn went. */
export interface Spoken {
  readonly items: number;
  /** `theirs`: the partner asked for the turn (EFPA Y) and has it already. */
  readonly turn: 'ours' | 'theirs';
}

/**
 * Sends what waits for the partner: owed answers first, then files, as the outbox hands them out.
 * @throws {SessionOver} when the session ends
 */
export async function speak(peer: Peer, parts: SpeakerParts): Promise<Spoken> {
  const { context, outbox, tally } = parts;
  let items = 0;
  while (!parts.closingDown.aborted) {
    const item = await outbox.next(context, peer.offered);
    if (item === undefined) break;
    peer.offered.push(item.id);
    items += 1;
    const sent = item.type === 'answer' ? await sendAnswer(peer, item, context) : await sendFile(peer, item);
    // Only what is settled is out of the outbox: were this lost, the item would go out again, and mean the same.
    await outbox.settle(item, sent.fate, context);
    if (sent.fate.type === 'delivered') tally[item.type === 'answer' ? 'answersSent' : 'filesSent'] += 1;
    if (!sent.keepsTurn) return { items, turn: 'theirs' };
  }
  return { items, turn: 'ours' };
}

interface Sent {
  readonly fate: Fate;
  readonly keepsTurn: boolean;
}

async function sendAnswer(peer: Peer, { answer }: OutgoingAnswer, context: SessionContext): Promise<Sent> {
  peer.request(
    answer.kind === 'eerp'
      ? { primitive: 'F_EERP_RQ', response: endResponse(answer) }
      : { primitive: 'F_NERP_RQ', response: negativeEndResponse(answer, context.station) },
  );
  await peer.expect('F_RTR_CF');
  return { fate: { type: 'delivered' }, keepsTurn: true };
}

async function sendFile(peer: Peer, file: OutgoingFile): Promise<Sent> {
  peer.request({ primitive: 'F_START_FILE_RQ', file: file.description });
  const start = await peer.expect('F_START_FILE_CF');
  if (!start.accepted) {
    const { reason, retry, text } = start;
    return { fate: { type: 'refused', by: 'sfna', reason, retry, text: forLog(text) }, keepsTurn: true };
  }
  const source = await file.open(start.restartPosition);
  try {
    await peer.sendFile(file, source, start.restartPosition);
  } finally {
    await source.close();
  }
  const close = await peer.expect('F_CLOSE_FILE_CF');
  if (close.accepted) return { fate: { type: 'delivered' }, keepsTurn: close.speaker };
  const { reason, text } = close;
  return { fate: { type: 'refused', by: 'efna', reason, retry: false, text: forLog(text) }, keepsTurn: true };
}
