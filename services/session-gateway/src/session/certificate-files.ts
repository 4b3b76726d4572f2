import { SfnaReason, type FileDescription } from '@certlane/oftp2';
import { judgeFile } from '../domain/file-gate.js';
import { identityOf } from '../domain/virtual-file.js';
import type { CertificateInbox, FileAcceptance, FileIntake, FileVerdict, IntakeVerdict } from '../ports/files.js';
import type { SessionContext } from '../ports/session-context.js';

/** What certificate files are taken with. */
export interface CertificateFilesParts {
  readonly inbox: CertificateInbox;
  readonly maximumOctets: number;
  /** For a whole file: else one octet now and then would keep it, and its session, open for as long as the partner likes. */
  readonly maximumMilliseconds: number;
  /** Takes files that are no certificate files; without one they are refused. */
  readonly payload?: FileAcceptance;
}

/** Lets through what the session's mode allows, and hands certificate files to the inbox. */
export class CertificateFiles implements FileAcceptance {
  readonly #parts: CertificateFilesParts;

  constructor(parts: CertificateFilesParts) {
    this.#parts = parts;
  }

  offered(file: FileDescription, context: SessionContext): FileVerdict | Promise<FileVerdict> {
    const { maximumOctets, payload } = this.#parts;
    const { mode, partner, station, subStations } = context;
    const settings = { mode, destinations: [station], originators: [partner], subStations, maximumOctets };
    const { certificate, refusal } = judgeFile(file, settings);
    if (refusal !== undefined) return { accepted: false, ...refusal, retry: false };
    if (certificate) return { accepted: true, intake: new CertificateIntake(file, context, this.#parts) };
    if (payload !== undefined) return payload.offered(file, context);
    const text = 'This station exchanges certificates only';
    return { accepted: false, reason: SfnaReason.fileDirectionRefused, text, retry: false };
  }
}

class CertificateIntake implements FileIntake {
  readonly restartPosition = 0n;
  readonly maximumOctets: bigint;
  readonly maximumMilliseconds: number;
  readonly #inbox: CertificateInbox;
  readonly #file: FileDescription;
  readonly #context: SessionContext;
  #pieces: Buffer[] = [];

  constructor(file: FileDescription, context: SessionContext, parts: CertificateFilesParts) {
    this.#inbox = parts.inbox;
    this.#file = file;
    this.#context = context;
    this.maximumOctets = BigInt(parts.maximumOctets);
    this.maximumMilliseconds = parts.maximumMilliseconds;
  }

  write(octets: Uint8Array): void {
    // A copy of few octets, so that the session's memory for a whole buffer is not held by them.
    this.#pieces.push(Buffer.from(octets));
  }

  async complete(): Promise<IntakeVerdict> {
    const { owing } = await this.#inbox.receive(
      { identity: identityOf(this.#file), description: this.#file.SFIDDESC, octets: Buffer.concat(this.#pieces) },
      this.#context,
    );
    return { stored: true, owing };
  }

  abandon(): void {
    this.#pieces = [];
  }
}
