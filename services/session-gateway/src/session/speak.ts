import { forLog, type EncodeError, type Request } from '@certlane/oftp2';
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
    const hindrance = offer(peer, item, context);
    if (hindrance !== undefined) {
      // Left in the outbox, it would have the partner called for it without end.
      await outbox.settle(item, { type: 'unsendable', message: hindrance }, context);
      continue;
    }
    items += 1;
    const sent = item.type === 'answer' ? await answerTaken(peer) : await fileTaken(peer, item);
    // Only what is settled is out of the outbox: were this lost, the item would go out again, and mean the same.
    await outbox.settle(item, sent.fate, context);
    if (sent.fate.type === 'delivered') tally[item.type === 'answer' ? 'answersSent' : 'filesSent'] += 1;
    if (!sent.keepsTurn) return { items, turn: 'theirs' };
  }
  return { items, turn: 'ours' };
}

/**
 * One item that cannot be said in the protocol's fields must not keep all that follow it from being sent.
 * @returns why it cannot be said
 */
function offer(peer: Peer, item: OutgoingAnswer | OutgoingFile, context: SessionContext): string | undefined {
  try {
    peer.request(requestFor(item, context));
    return undefined;
  } catch (error) {
    if (!isEncodeError(error)) throw error;
    peer.log.error({ err: error, item: item.id }, 'item cannot be sent as it is');
    return forLog(error.message);
  }
}

function requestFor(item: OutgoingAnswer | OutgoingFile, { station }: SessionContext): Request {
  if (item.type === 'file') return { primitive: 'F_START_FILE_RQ', file: item.description };
  return item.answer.kind === 'eerp'
    ? { primitive: 'F_EERP_RQ', response: endResponse(item.answer) }
    : { primitive: 'F_NERP_RQ', response: negativeEndResponse(item.answer, station) };
}

interface Sent {
  readonly fate: Fate;
  readonly keepsTurn: boolean;
}

async function answerTaken(peer: Peer): Promise<Sent> {
  await peer.expect('F_RTR_CF');
  return { fate: { type: 'delivered' }, keepsTurn: true };
}

async function fileTaken(peer: Peer, file: OutgoingFile): Promise<Sent> {
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

function isEncodeError(thrown: unknown): thrown is EncodeError {
  return Error.isError(thrown) && thrown.name === 'EncodeError';
}
