/** What a command gives back: the same facts for machines and for people. */
export interface Report {
  /** Printed as one line of JSON with `--json`. */
  readonly data: unknown;
  /** Printed otherwise. */
  readonly text: string;
  /** Other than 0 when the command did what it could and the outcome is still not what was asked for. */
  readonly exitStatus?: number;
}

/** Exit status when a partner did not take a certificate over; the others stand in the error table of the contracts. */
export const EXIT_REJECTED = 8;

/** Exit status when a partner has received a certificate and has not answered yet. */
export const EXIT_UNANSWERED = 9;

/** Exit status when what was asked is answered with no: not trusted, not taken over, the audit trail is not whole. */
export const EXIT_NO = 10;

/** Exit status when a certificate would wait for a person. */
export const EXIT_HELD = 11;

/** Exit status when the wait for a partner's answer was interrupted (Ctrl-C): 128 and the number of SIGINT, as shells say it. */
export const EXIT_INTERRUPTED = 130;

/** Exit status of `certlane up` when it was told twice to stop and did not wait for its processes. */
export const EXIT_KILLED = 1;
