import { AUDIT, type AuditDraft, type AuditTrail } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { Certificate } from '@certlane/pki';
import type { FollowedList } from '../ports/trust-state.js';
import type { TakenEdition } from './trust-lists-take.js';
import type { TriedList } from '../domain/trust-list/following.js';

/** What an operator does to lists, as it is written down. */
export interface ListAct {
  /** Dotted name, `trust-list.add`. */
  readonly act: string;
  /** Name of the trust list, id of the revocation list. */
  readonly list: string;
  readonly actor: string | undefined;
  readonly certificates?: readonly Certificate[];
  /** What is given with the request. */
  readonly before?: unknown;
}

/** Writes into the audit trail what is done to lists, by operators and by itself: before it is done, and how it ended. */
@Injectable()
export class RecordedActs {
  readonly #audit: AuditTrail;

  constructor(@Inject(AUDIT) audit: AuditTrail) {
    this.#audit = audit;
  }

  /**
   * Does something to a trust list.
   * @throws what doing it throws, and {@link AuditTrail.around}
   */
  onTrustList(act: ListAct, run: () => Promise<FollowedList>): Promise<FollowedList> {
    return this.#audit.around(draftOf(act), run, (followed) => ({ after: inBrief(followed) }));
  }

  /**
   * Takes the edition that came from the address of a list, which is an act of this service.
   * @throws what taking it throws, and {@link AuditTrail.around}
   */
  onEdition(before: FollowedList, run: () => Promise<TakenEdition>): Promise<TakenEdition> {
    const draft = { act: 'trust-list.take', about: { list: before.name }, before: inBrief(before) };
    return this.#audit.around(draft, run, ({ followed }) =>
      followed === undefined ? {} : { after: inBrief(followed) },
    );
  }

  /**
   * Has a trust list read.
   * @throws what doing it throws, and {@link AuditTrail.around}
   */
  onReading(act: ListAct, run: () => Promise<TriedList>): Promise<TriedList> {
    return this.#audit.around(draftOf(act), run, ({ followed }) => ({ after: inBrief(followed) }));
  }

  /**
   * Does something to revocation lists.
   * @throws what doing it throws, and {@link AuditTrail.around}
   */
  onRevocationLists<Result>(
    act: ListAct,
    run: () => Promise<Result>,
    told: (result: Result) => unknown,
  ): Promise<Result> {
    return this.#audit.around(draftOf(act), run, (result) => ({ after: told(result) }));
  }
}

function draftOf({ act, list, actor, certificates = [], before }: ListAct): AuditDraft {
  const [certificate] = certificates;
  return {
    act,
    actor,
    about: { list, ...(certificate === undefined ? {} : { certificate: certificate.fingerprint }) },
    serialNumbers: certificates.map(({ serialNumber }) => serialNumber),
    ...(before === undefined ? {} : { before }),
  };
}

/** A trust list as the trail shows it: whom it trusts, and which edition. */
function inBrief({ level, url, signers, edition }: FollowedList) {
  return {
    level,
    url,
    signers: signers.map(({ certificate, pinned }) => ({ certificate: certificate.fingerprint, pinned })),
    sequenceNumber: edition?.sequenceNumber,
    content: edition?.content,
    authorities: edition?.authorities.length,
  };
}
