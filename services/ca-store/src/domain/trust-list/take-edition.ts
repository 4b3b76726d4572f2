import { readCertificate, type Certificate } from '@certlane/pki';
import {
  acceptTrustList,
  compareTrustLists,
  type ListedAuthority,
  type TrustListDifference,
} from '@certlane/pki/trust-list';
import type { FollowedList, PinnedSigner, TrustListEdition } from '../../ports/trust-state.js';
import type { Trouble } from '../refresh/told.js';
import type { ExaminedList } from './examine.js';
import { afterSigning, pinnedSigners, signersOfUse } from './signers.js';

/** An edition that was examined, and how it came here. */
export interface OfferedEdition {
  readonly examined: ExaminedList;
  /** Name of its octets where contents are kept. */
  readonly content: string;
  readonly now: Date;
}

/** What becomes of an edition. */
export type EditionDecision =
  | { readonly taken: false; readonly trouble: Trouble }
  | { readonly taken: true; readonly unchanged: true; readonly followed: FollowedList }
  | {
      readonly taken: true;
      readonly unchanged: false;
      readonly followed: FollowedList;
      readonly difference: TrustListDifference;
      /** Set when the first list has pinned the signer: whoever follows it must compare the certificate. */
      readonly pinnedByList: PinnedSigner | undefined;
    };

/** Whether an edition takes the place of the one in use, and what is known of the list then. */
export function takeEdition(followed: FollowedList, { examined, content, now }: OfferedEdition): EditionDecision {
  const signer = readCertificate(examined.signer);
  const { edition } = followed;
  const first = pinnedSigners(followed).length === 0;
  if (!first && !signersOfUse(followed).some(({ fingerprint }) => fingerprint === signer.fingerprint)) {
    // It was examined by the signers of a moment ago; they have changed since.
    return { taken: false, trouble: { reason: 'signer-not-pinned', message: notPinned(signer) } };
  }
  const inUse =
    edition === undefined
      ? undefined
      : {
          signers: signersOfUse(followed).map(({ fingerprint }) => fingerprint),
          sequenceNumber: edition.sequenceNumber,
          issuedAt: new Date(edition.issuedAt),
          digest: edition.digest,
        };
  const decision = acceptTrustList(inUse, { list: examined, signer: signer.fingerprint, digest: examined.digest }, now);
  if (!decision.accepted) return { taken: false, trouble: { reason: decision.reason, message: decision.message } };
  const signers = first ? [firstSigner(signer, now)] : afterSigning(followed.signers, signer);
  if (decision.unchanged && edition !== undefined && sameAuthorities(edition, examined)) {
    return { taken: true, unchanged: true, followed: { ...followed, signers } };
  }
  const taken = editionOf(examined, { content, level: followed.level, now });
  return {
    taken: true,
    unchanged: false,
    followed: { ...followed, signers, edition: taken },
    difference: compareTrustLists(edition?.authorities ?? [], taken.authorities),
    pinnedByList: first ? signers[0] : undefined,
  };
}

/** The status of a service may begin later than the list was issued: then the same list has more authorities than before. */
function sameAuthorities({ authorities }: TrustListEdition, examined: ExaminedList): boolean {
  return authorities.length === examined.authorities.length;
}

function editionOf(
  examined: ExaminedList,
  { content, level, now }: { content: string; level: FollowedList['level']; now: Date },
): TrustListEdition {
  const { digest, schemeName, operatorName, sequenceNumber, issuedAt, nextUpdate, broken } = examined;
  return {
    content,
    digest,
    schemeName,
    operatorName,
    sequenceNumber,
    issuedAt: issuedAt.toISOString(),
    nextUpdate: nextUpdate?.toISOString(),
    takenAt: now.toISOString(),
    authorities: examined.authorities.map(({ provider, service, since, certificate, above }): ListedAuthority => ({
      provider,
      service,
      level,
      since,
      certificate: readCertificate(certificate),
      above: above.map((der) => readCertificate(der)),
    })),
    broken: [...broken],
  };
}

function firstSigner(certificate: Certificate, now: Date): PinnedSigner {
  return { certificate, pinned: 'first-import', at: now.toISOString() };
}

const notPinned = ({ fingerprint }: Certificate): string =>
  `It is signed by the certificate ${fingerprint}, which is not pinned any more.`;
