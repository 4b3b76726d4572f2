/** What becomes of an error outside the service that found it. */
interface ErrorRow {
  /** The same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** Message and details may leave the service; otherwise the caller reads a neutral sentence. */
  readonly disclose: boolean;
  /** Status for HTTP faces and the numeric `Nats-Service-Error-Code`. */
  readonly httpStatus: number;
  /** Exit status of the command line. */
  readonly exitStatus: number;
}

const table = {
  /** A field of the request is wrong; `details.field` names it. */
  'invalid-argument': { retryable: false, disclose: true, httpStatus: 400, exitStatus: 2 },
  /** What the request names does not exist. */
  'not-found': { retryable: false, disclose: true, httpStatus: 404, exitStatus: 3 },
  /** What the request would add exists already, with other content. */
  'already-exists': { retryable: false, disclose: true, httpStatus: 409, exitStatus: 4 },
  /** The request is well formed, but the state of things forbids it; the message says what to do first. */
  'failed-precondition': { retryable: false, disclose: true, httpStatus: 412, exitStatus: 5 },
  /** Another writer was faster; the same request may be sent again. */
  conflict: { retryable: true, disclose: true, httpStatus: 409, exitStatus: 6 },
  /** A service, the bus or the store does not answer now. */
  unavailable: { retryable: true, disclose: true, httpStatus: 503, exitStatus: 7 },
  /** Our fault: the log has the cause, the caller does not. */
  internal: { retryable: false, disclose: false, httpStatus: 500, exitStatus: 70 },
} as const satisfies Record<string, ErrorRow>;

/** Machine-readable reason of a {@link CertlaneError}; callers match on it, never on the text. */
export type ErrorCode = keyof typeof table;

/** Every code with its consequences: the one table that maps errors to the outside. */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = table;

/** Headers of a reply that refuses: ours with the code, and the two of the NATS services API for tools that know nothing of us. */
export const errorHeaders = {
  code: 'Certlane-Error-Code',
  serviceCode: 'Nats-Service-Error-Code',
  serviceText: 'Nats-Service-Error',
} as const;

/** Facts beside the sentence: never a secret, never octets. */
export interface ErrorDetails {
  /** Path of the wrong field as the caller wrote it (`password`, `connection.port`). */
  readonly field?: string;
  readonly [name: string]: string | number | boolean | undefined;
}

/** How one is made. */
export interface ErrorOptions {
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The one error class that crosses a boundary: a code for machines and one clear sentence for people. */
export class CertlaneError extends Error {
  override readonly name = 'CertlaneError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  /** @param message one sentence that names the field, the value and the remedy */
  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** The error as it may be shown outside the service. */
  disclosed(): { code: ErrorCode; message: string; details: ErrorDetails } {
    return errorTable[this.code].disclose
      ? { code: this.code, message: this.message, details: this.details }
      : { code: this.code, message: 'an internal error occurred; the log of the service has its cause', details: {} };
  }
}

/** Whether something thrown is ours, in whatever realm it was made. */
export function isCertlaneError(thrown: unknown): thrown is CertlaneError {
  return (
    typeof thrown === 'object' &&
    thrown !== null &&
    (thrown as { name?: unknown }).name === 'CertlaneError' &&
    isErrorCode((thrown as { code?: unknown }).code)
  );
}

/** Whether a value is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(table, value);
}

/** Any thrown value as one of ours: what is unknown becomes `internal` and keeps its cause for the log. */
export function toCertlaneError(thrown: unknown): CertlaneError {
  if (isCertlaneError(thrown)) return thrown;
  const text = Error.isError(thrown) ? thrown.message : String(thrown);
  return new CertlaneError('internal', text, { cause: thrown });
}
