import { CertlaneError } from '@certlane/contracts';

/**
 * The station that was asked for, which has to exist.
 * @throws {CertlaneError} `not-found`
 */
export function requireStation<Station>(found: Station | undefined, id: string): Station {
  if (found !== undefined) return found;
  throw new CertlaneError(
    'not-found',
    `station: there is no station "${id}"; certlane station list shows those there are, certlane station add adds one`,
    { details: { field: 'station' } },
  );
}

/**
 * The partner that was asked for, which has to exist.
 * @throws {CertlaneError} `not-found`
 */
export function requirePartner<Partner>(
  found: Partner | undefined,
  key: { station: string; partner: string },
): Partner {
  if (found !== undefined) return found;
  throw new CertlaneError(
    'not-found',
    `partner: station "${key.station}" has no partner "${key.partner}"; certlane partner list shows those it has, certlane partner add adds one`,
    { details: { field: 'partner' } },
  );
}

/**
 * A partner that opens sessions.
 * @throws {CertlaneError} `failed-precondition` for a sub-station
 */
export function requireCaller<Partner extends { readonly id: string; readonly via?: string }>(
  partner: Partner,
): Partner {
  if (partner.via === undefined) return partner;
  throw new CertlaneError(
    'failed-precondition',
    `partner: ${partner.id} is a sub-station and opens no session; its files come and go in those of ${partner.via}`,
    { details: { field: 'partner' } },
  );
}
