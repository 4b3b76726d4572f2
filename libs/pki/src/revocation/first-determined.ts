import type { RevocationSource } from '../validation/revocation-source.js';
import { troublesText } from './texts.js';

/**
 * Asks one source after the other until one knows: lists first, and OCSP where no list serves. Revoked or good ends the questions;
 * where nobody knows, what each of them lacks is told.
 */
export const firstDetermined =
  (...sources: readonly RevocationSource[]): RevocationSource =>
  (path, at) => {
    const troubles: string[] = [];
    for (const source of sources) {
      const state = source(path, at);
      if (state.status !== 'undetermined') return state;
      troubles.push(state.message);
    }
    return {
      status: 'undetermined',
      message: troubles.length === 0 ? 'there is nothing to learn of revocation from' : troublesText(troubles),
    };
  };
