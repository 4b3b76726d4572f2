import { isCertlaneError } from '@certlane/contracts';
import type { Documents } from '@certlane/runtime';

/**
 * Writes a document that never changes; one that is there already stays.
 * @returns whether it was not there
 */
export async function createOnce<Value>(documents: Documents<Value>, key: string, value: Value): Promise<boolean> {
  try {
    await documents.create(key, value);
    return true;
  } catch (thrown) {
    if (isCertlaneError(thrown) && thrown.code === 'already-exists') return false;
    throw thrown;
  }
}
