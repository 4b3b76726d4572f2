import { isPkiError } from '../errors.js';

/** The code of the refusal that `act` throws, or `accepted`; any other error passes through and fails the test. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (isPkiError(error)) return error.code;
    throw error;
  }
}

/** The message of the refusal that `act` throws, or `accepted`. */
export function messageOf(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (isPkiError(error)) return error.message;
    throw error;
  }
}
