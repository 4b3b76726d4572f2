import { errorTable, isCertlaneError, type FileAnswer } from '@certlane/contracts';
import { EfnaReason, EsidReason, forLog, type FileDescription } from '@certlane/oftp2';
import { answerOfEndResponse, answerOfNegativeEndResponse } from '../domain/virtual-file.js';
import type { AnswerIntake, FileAcceptance, FileIntake, IntakeVerdict } from '../ports/files.js';
import type { SessionContext } from '../ports/session-context.js';
import { closeDown } from './close-down.js';
import type { Peer } from './peer.js';
import type { Tally } from './tally.js';

/** What a Listener works with. */
export interface ListenerParts {
  readonly context: SessionContext;
  readonly files: FileAcceptance;
  readonly answers: AnswerIntake;
  readonly tally: Tally;
  /** Aborted when the gateway closes down: the session ends before its next item. */
  readonly closingDown: AbortSignal;
}

/** Files and answers of one turn: far more than an honest partner has for us, and an end to an offer made over and over. */
const MOST_ITEMS = 4_096;

/**
 * Takes what the partner sends until it hands the turn over.
 * @throws {SessionOver} when the session ends
 */
export async function listen(peer: Peer, parts: ListenerParts): Promise<{ readonly turnCameUnasked: boolean }> {
  for (let items = 0; ; items += 1) {
    if (parts.closingDown.aborted) closeDown(peer);
    const indication = await peer.next();
    if (items === MOST_ITEMS && indication.primitive !== 'F_CD_IND') {
      // RFC 5024 §4.3.2 leaves it to us to end the loop of a file that is offered and refused again and again.
      return peer.endWith(EsidReason.resourcesNotAvailable, 'Too much in one turn, go on in another session', {
        outcome: 'failed',
        message: `the partner sent more than ${MOST_ITEMS} files and answers in one turn`,
      });
    }
    switch (indication.primitive) {
      case 'F_START_FILE_IND':
        // Asked for, the turn is as good as ours: what we request now goes out with the partner's CD.
        if (await takeFile(peer, indication.file, parts)) return { turnCameUnasked: false };
        break;
      case 'F_EERP_IND':
        await takeAnswer(peer, answerOfEndResponse(indication.response), parts);
        break;
      case 'F_NERP_IND':
        await takeAnswer(peer, withoutControls(answerOfNegativeEndResponse(indication.response)), parts);
        break;
      case 'F_CD_IND':
        return { turnCameUnasked: true };
      default:
        throw peer.unexpected(indication);
    }
  }
}

/** @returns whether we asked for the turn */
async function takeFile(peer: Peer, file: FileDescription, parts: ListenerParts): Promise<boolean> {
  const verdict = await parts.files.offered(file, parts.context);
  if (!verdict.accepted) {
    const { reason, retry, text } = verdict;
    peer.log.info({ datasetName: forLog(file.SFIDDSN), reason, reasonText: text }, 'file refused');
    peer.request({ primitive: 'F_START_FILE_RS', accepted: false, reason, retry, text });
    return false;
  }
  const { maximumOctets, restartPosition } = verdict.intake;
  peer.request({ primitive: 'F_START_FILE_RS', accepted: true, restartPosition, maximumOctets });
  const outcome = await takeIn(peer, verdict.intake);
  if (!outcome.stored) {
    peer.request({ primitive: 'F_CLOSE_FILE_RS', accepted: false, reason: outcome.reason, text: outcome.text });
    return false;
  }
  parts.tally.filesReceived += 1;
  peer.request({ primitive: 'F_CLOSE_FILE_RS', accepted: true, speaker: outcome.owing });
  return outcome.owing;
}

/** EFPA says that the file is safe, so it is stored first; what cannot be stored now ends the session, and the partner keeps it. */
async function takeIn(peer: Peer, intake: FileIntake): Promise<IntakeVerdict> {
  let complete = false;
  try {
    const problem = await inTime(peer, intake.maximumMilliseconds, () =>
      peer.receiveFile((octets) => intake.write(octets)),
    );
    if (problem !== undefined) return { stored: false, reason: problem.reason, text: problem.text };
    complete = true;
    return await intake.complete();
  } catch (error) {
    if (!isCertlaneError(error) || errorTable[error.code].retryable) throw error;
    peer.log.error({ err: error }, 'file cannot be stored');
    return { stored: false, reason: EfnaReason.unspecified, text: 'The file cannot be stored' };
  } finally {
    if (!complete) intake.abandon();
  }
}

/** A file in its middle cannot be refused (EFNA answers EFID), so one that takes too long ends the session. RFC 5024 §5.3.11 */
async function inTime<Result>(
  peer: Peer,
  milliseconds: number | undefined,
  receive: () => Promise<Result>,
): Promise<Result> {
  if (milliseconds === undefined) return receive();
  const late = setTimeout(() => {
    const message = `a file was not complete after ${milliseconds / 1_000} seconds`;
    peer.stop(EsidReason.timeOut, 'The file took too long', { outcome: 'failed', message });
  }, milliseconds);
  try {
    return await receive();
  } finally {
    clearTimeout(late);
  }
}

/** RTR is flow control only: an answer that means nothing to anybody gets it too, one that could not be stored does not. */
async function takeAnswer(peer: Peer, answer: FileAnswer, parts: ListenerParts): Promise<void> {
  try {
    await parts.answers.answered(answer, parts.context);
    parts.tally.answersReceived += 1;
  } catch (error) {
    if (!isCertlaneError(error) || error.code !== 'invalid-argument') throw error;
    peer.log.warn({ datasetName: forLog(answer.file.datasetName), kind: answer.kind }, 'answer makes no sense');
  }
  peer.request({ primitive: 'F_RTR_RS' });
}

function withoutControls(answer: FileAnswer): FileAnswer {
  return {
    ...answer,
    ...(answer.text === undefined ? {} : { text: forLog(answer.text) }),
    ...(answer.creator === undefined ? {} : { creator: forLog(answer.creator) }),
  };
}
