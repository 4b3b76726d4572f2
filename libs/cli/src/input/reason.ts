import { reasonText } from '@certlane/contracts';
import { invalid } from './invalid.js';

/**
 * Why somebody does something, in their words: it goes into the audit, and to the partner where it is a refusal.
 * @throws {CertlaneError} `invalid-argument`
 */
export function reasonFrom(text: string, field: string): string {
  const reason = reasonText.safeParse(text);
  if (reason.success) return reason.data;
  throw invalid(
    field,
    text,
    `${reason.error.issues[0]?.message ?? 'not allowed'}; write a sentence for whoever asks later`,
  );
}
