import { isCertlaneError, type Partner, type PartnerRef } from '@certlane/contracts';
import type { Partners } from '../ports/partners.js';

/**
 * A partner that may have been removed since it was named; undefined where it was.
 * @throws {CertlaneError} `unavailable` when the registry cannot be asked
 */
export async function findPartner(partners: Pick<Partners, 'get'>, ref: PartnerRef): Promise<Partner | undefined> {
  try {
    return await partners.get(ref);
  } catch (thrown) {
    if (isCertlaneError(thrown) && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}
