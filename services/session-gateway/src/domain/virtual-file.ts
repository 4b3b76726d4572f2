import type { FileAnswer, VirtualFileIdentity } from '@certlane/contracts';
import {
  fitText,
  nerpReasons,
  type EndResponse,
  type FileDescription,
  type NegativeEndResponse,
} from '@certlane/oftp2';

/** The only place where names of the wire (RFC 5024 §5.3.3, §5.3.13, §5.3.14) become names of the domain and back. */

const NOTHING = new Uint8Array(0);
const BLOCK = 1024;
const DATE_DIGITS = 8;
const TIME_DIGITS = 10;

/** Who a virtual file is; date and time are opaque digits, never a moment. */
export function identityOf(file: FileDescription): VirtualFileIdentity {
  return {
    datasetName: file.SFIDDSN,
    date: digits(file.SFIDDATE, DATE_DIGITS),
    time: digits(file.SFIDTIME, TIME_DIGITS),
    originator: file.SFIDORIG,
    destination: file.SFIDDEST,
  };
}

/** A certificate file as SFID describes it: unstructured, without any file service, whole. */
export function certificateFile(identity: VirtualFileIdentity, description: string, octets: number): FileDescription {
  const blocks = Math.ceil(octets / BLOCK);
  return {
    SFIDDSN: identity.datasetName,
    SFIDDATE: Number(identity.date),
    SFIDTIME: Number(identity.time),
    SFIDUSER: '',
    SFIDDEST: identity.destination,
    SFIDORIG: identity.originator,
    SFIDFMT: 'U',
    SFIDLRECL: 0,
    SFIDFSIZ: blocks,
    SFIDOSIZ: blocks,
    SFIDREST: 0n,
    SFIDSEC: 0,
    SFIDCIPH: 0,
    SFIDCOMP: 0,
    SFIDENV: 0,
    SFIDSIGN: 'N',
    SFIDDESC: description,
  };
}

/** An EERP as it goes out, unsigned: it travels back, so destination and originator change places. */
export function endResponse({ file }: FileAnswer): EndResponse {
  return {
    EERPDSN: file.datasetName,
    EERPDATE: Number(file.date),
    EERPTIME: Number(file.time),
    EERPUSER: '',
    EERPDEST: file.originator,
    EERPORIG: file.destination,
    EERPHSH: NOTHING,
    EERPSIG: NOTHING,
  };
}

/**
 * A NERP as it goes out, unsigned.
 * @param station who creates it where the answer does not say
 */
export function negativeEndResponse(answer: FileAnswer, station: string): NegativeEndResponse {
  const { file } = answer;
  return {
    NERPDSN: file.datasetName,
    NERPDATE: Number(file.date),
    NERPTIME: Number(file.time),
    NERPDEST: file.originator,
    NERPORIG: file.destination,
    NERPCREA: answer.creator ?? station,
    NERPREAS: nerpReasons.of(answer.reason ?? 99),
    NERPREAST: fitText(answer.text ?? ''),
    NERPHSH: NOTHING,
    NERPSIG: NOTHING,
  };
}

/** A received EERP in the words of the file it answers. */
export function answerOfEndResponse(response: EndResponse): FileAnswer {
  return {
    kind: 'eerp',
    file: {
      datasetName: response.EERPDSN,
      date: digits(response.EERPDATE, DATE_DIGITS),
      time: digits(response.EERPTIME, TIME_DIGITS),
      originator: response.EERPDEST,
      destination: response.EERPORIG,
    },
  };
}

/** A received NERP in the words of the file it answers. */
export function answerOfNegativeEndResponse(response: NegativeEndResponse): FileAnswer {
  return {
    kind: 'nerp',
    file: {
      datasetName: response.NERPDSN,
      date: digits(response.NERPDATE, DATE_DIGITS),
      time: digits(response.NERPTIME, TIME_DIGITS),
      originator: response.NERPDEST,
      destination: response.NERPORIG,
    },
    reason: response.NERPREAS,
    text: response.NERPREAST,
    creator: response.NERPCREA,
  };
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
