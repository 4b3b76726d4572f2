import { CertlaneError } from '@certlane/contracts';

/**
 * An input the command cannot take.
 * @param field the option or argument as the person wrote it, e.g. `--port`
 * @param value what was given; `undefined` where it is a secret
 * @param problem why it is wrong; the remedy belongs here too
 */
export function invalid(field: string, value: string | undefined, problem: string): CertlaneError {
  const sentence = value === undefined ? `${field}: ${problem}` : `${field} is '${shortened(value)}': ${problem}`;
  return new CertlaneError('invalid-argument', sentence, { details: { field } });
}

/** Enough to find it again; the sentence must stay readable. */
const SHOWN = 120;

function shortened(value: string): string {
  return value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}…`;
}
