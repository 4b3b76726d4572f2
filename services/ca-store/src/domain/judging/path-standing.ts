import type { ValidationVerdict } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import { judgeListedPath } from '@certlane/pki/trust-list';
import type { Listing, TrustView } from '../../ports/trust-state.js';

/** Why a path that is sound may be trusted, or why not. */
export type PathStanding =
  | {
      readonly ok: true;
      readonly anchor: NonNullable<ValidationVerdict['anchor']>;
      /** The list it ends at; absent where an operator installed the anchor. */
      readonly listing?: Listing;
    }
  | { readonly ok: false; readonly message: string };

/**
 * What vouches for a sound path: a trust list, as far as its level reaches (OP08 2.7), or the operator who installed its anchor. A list is
 * named before the operator: policies ask whether a list vouches.
 * @param path from the certificate to an anchor of `view`
 */
export function standingOf(path: readonly Certificate[], view: TrustView): PathStanding {
  const anchor = path.at(-1);
  if (anchor === undefined) return { ok: false, message: 'There is no path.' };
  const { fingerprint } = anchor;
  const listings = listingsOn(path, view);
  const listed = judgeListedPath(
    path,
    listings.map(({ authority }) => authority),
  );
  const listing = listed.ok ? listings.find(({ authority }) => authority === listed.authority) : undefined;
  if (listing !== undefined) {
    const { list, authority } = listing;
    return { ok: true, anchor: { fingerprint, by: 'trust-list', list, level: authority.level }, listing };
  }
  if (view.issuers.get(fingerprint)?.purpose === 'oftp2') return { ok: true, anchor: { fingerprint, by: 'operator' } };
  return { ok: false, message: listed.ok ? 'Its listing is not in use.' : listed.message };
}

/**
 * Why a certificate that an authority above a listed one issued itself is not trusted; undefined: its path is nothing of the kind.
 * @param path from the certificate to one that stands above a listed authority
 */
export function aboveListed(path: readonly Certificate[], view: TrustView): string | undefined {
  const listed = judgeListedPath(
    path,
    path.flatMap(({ fingerprint }) => view.listingsBelow(fingerprint).map(({ authority }) => authority)),
  );
  return !listed.ok && listed.reason === 'issued-above' ? listed.message : undefined;
}

const listingsOn = (path: readonly Certificate[], view: TrustView): readonly Listing[] =>
  path.slice(1).flatMap(({ fingerprint }) => view.listings(fingerprint));
