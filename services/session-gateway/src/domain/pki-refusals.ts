import { CertlaneError } from '@certlane/contracts';
import { isPkiError } from '@certlane/pki';

/**
 * Runs something that reads what a caller gave; what the reading refuses becomes the caller's error.
 * @param field the field of the request that is read
 * @throws {CertlaneError} `invalid-argument` with the sentence of the library, which names value and remedy and no secret
 */
export function readingField<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isPkiError(error)) throw error;
    throw new CertlaneError('invalid-argument', `${field}: ${error.message}`, {
      cause: error,
      details: { field, reason: error.code },
    });
  }
}
