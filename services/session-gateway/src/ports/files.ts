import type { FileAnswer, VirtualFileIdentity } from '@certlane/contracts';
import type { EfnaReason, FileDescription, SfnaReason } from '@certlane/oftp2';
import type { SessionContext } from './session-context.js';

/** What becomes of an offered file. */
export type FileVerdict =
  | { readonly accepted: true; readonly intake: FileIntake }
  | { readonly accepted: false; readonly reason: SfnaReason; readonly text: string; readonly retry: boolean };

/** What became of a file that has come in whole. */
export type IntakeVerdict =
  /** It is durably stored. `owing`: something waits for the partner now, so the turn is wanted. */
  | { readonly stored: true; readonly owing: boolean }
  | { readonly stored: false; readonly reason: EfnaReason; readonly text: string };

/** Takes one file in. */
export interface FileIntake {
  /** Beyond so many octets of file the session lets nothing through and the file ends in EFNA 06. */
  readonly maximumOctets: bigint;
  /**
   * From the first octet that is asked for to the last: where a file takes longer the session ends in ESID 09. Without it a file
   * may take as long as some of it keeps coming.
   */
  readonly maximumMilliseconds?: number;
  /** Where to go on, at most what the Speaker offered; nothing before it is sent again. 0n begins anew. */
  readonly restartPosition: bigint;
  /** Takes octets in order; they are the intake's only until it returns or its promise is kept. */
  write(octets: Uint8Array): void | Promise<void>;
  /**
   * All octets have come, and their number is right.
   * @throws {CertlaneError} of a retryable code when this cannot be done now: the session ends and the partner keeps the file
   */
  complete(): Promise<IntakeVerdict>;
  /** The session ended in the middle, or the file turned out bad: nothing more will come. */
  abandon(): void;
}

/** Decides over offered files. Certificate files have one of their own; another takes payload files where there is one. */
export interface FileAcceptance {
  /** @throws {CertlaneError} of a retryable code when it cannot be decided now */
  offered(file: FileDescription, context: SessionContext): FileVerdict | Promise<FileVerdict>;
}

/** A certificate file that has come in whole. */
export interface ReceivedCertificate {
  readonly identity: VirtualFileIdentity;
  /** SFIDDESC. */
  readonly description: string;
  readonly octets: Uint8Array;
}

/** Takes certificate files. */
export interface CertificateInbox {
  /**
   * Stores it; the promise is kept when it is durable. The same file again changes nothing.
   * @returns whether something waits for the partner now
   * @throws {CertlaneError} of a retryable code when it cannot be stored now
   */
  receive(file: ReceivedCertificate, context: SessionContext): Promise<{ readonly owing: boolean }>;
}

/** Takes the answers to files that we sent. */
export interface AnswerIntake {
  /**
   * An EERP or NERP has come in; it is stored when the promise is kept, or means nothing to anybody.
   * @throws {CertlaneError} of a retryable code when it cannot be stored now
   */
  answered(answer: FileAnswer, context: SessionContext): Promise<void>;
}

/** What a file's octets are read from while it is sent. */
export interface FileSource {
  /**
   * Fills the buffer from its beginning with what follows in the file.
   * @returns how many octets were put there; 0 at the end of the file
   */
  read(into: Uint8Array): number | Promise<number>;
  close(): void | Promise<void>;
}

/** A file to send. */
export interface OutgoingFile {
  readonly type: 'file';
  /** Names the item towards the outbox. */
  readonly id: string;
  readonly description: FileDescription;
  /** Opens it behind the position the partner wants to restart from, in units of 1024 octets. */
  open(restartPosition: bigint): FileSource | Promise<FileSource>;
}

/** An answer to send. */
export interface OutgoingAnswer {
  readonly type: 'answer';
  readonly id: string;
  readonly answer: FileAnswer;
}

/** What became of something we sent. */
export type Fate =
  /** RTR for an answer, EFPA for a file. */
  | { readonly type: 'delivered' }
  | {
      readonly type: 'refused';
      readonly by: 'sfna' | 'efna';
      readonly reason: number;
      readonly text: string;
      readonly retry: boolean;
    }
  /** It does not fit the fields of the protocol: no session can ever send it. */
  | { readonly type: 'unsendable'; readonly message: string };

/** What waits for a partner. */
export interface Outbox {
  /**
   * What to send next: owed answers first, then files; undefined where nothing waits.
   * @param offered ids of what was already offered in this session: a refused file is not offered twice
   * @throws {CertlaneError}
   */
  next(context: SessionContext, offered: readonly string[]): Promise<OutgoingAnswer | OutgoingFile | undefined>;
  /** @throws {CertlaneError} when it cannot be stored; the same is then sent again in a later session */
  settle(item: OutgoingAnswer | OutgoingFile, fate: Fate, context: SessionContext): Promise<void>;
}
