import type { IssuerSupposition } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { FollowedList, InstalledIssuer, TrustView } from '../../ports/trust-state.js';
import { trustViewOf } from '../trust-view.js';

/** What is supposed of which authorities. */
export interface Supposition {
  /** Fingerprints. One that is not known is no matter. */
  readonly issuers: readonly string[];
  readonly are: IssuerSupposition;
}

/** The state as it would be if a supposition held. */
export function supposedView(view: TrustView, { issuers: named, are }: Supposition): TrustView {
  const supposed = new Set(named);
  const issuers = new Map(view.issuers);
  for (const fingerprint of supposed) suppose(issuers, fingerprint, are);
  return trustViewOf(
    {
      version: view.version,
      issuers,
      trustLists: are === 'unknown' ? withoutAuthorities(view.trustLists, supposed) : view.trustLists,
      revocationLists: view.revocationLists,
      answers: view.answers,
    },
    view,
  );
}

/** Supposed views: who asks about one certificate asks about thousands, and an index of thousands of issuers costs milliseconds. */
export class SupposedViews {
  #last: { readonly of: TrustView; readonly key: string; readonly view: TrustView } | undefined;

  /** As {@link supposedView}, the last one kept. */
  view(of: TrustView, supposition: Supposition): TrustView {
    const key = JSON.stringify([supposition.are, supposition.issuers]);
    if (this.#last?.of !== of || this.#last.key !== key) this.#last = { of, key, view: supposedView(of, supposition) };
    return this.#last.view;
  }
}

function suppose(issuers: Map<string, InstalledIssuer>, fingerprint: string, are: IssuerSupposition): void {
  const issuer = issuers.get(fingerprint);
  if (issuer === undefined) return;
  if (are === 'verification-only') issuers.set(fingerprint, { ...issuer, purpose: are });
  else issuers.delete(fingerprint);
}

function withoutAuthorities(lists: TrustView['trustLists'], supposed: ReadonlySet<string>): TrustView['trustLists'] {
  const stays = ({ fingerprint }: Certificate) => !supposed.has(fingerprint);
  const reduced = ([name, list]: [string, FollowedList]): [string, FollowedList] => {
    const { edition } = list;
    if (edition === undefined) return [name, list];
    const authorities = edition.authorities
      .filter(({ certificate }) => stays(certificate))
      .map((one) => ({ ...one, above: one.above.filter(stays) }));
    return [name, { ...list, edition: { ...edition, authorities } }];
  };
  return new Map([...lists].map(reduced));
}
