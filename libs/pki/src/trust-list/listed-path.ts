import type { Certificate } from '../certificate/index.js';
import type { ListedAuthority } from './listed-authority.js';

/** Whether a trust list vouches for a certificate, and by which authority. */
export type ListedPathVerdict =
  | { readonly ok: true; readonly authority: ListedAuthority }
  | { readonly ok: false; readonly reason: 'issued-above' | 'issued-below' | 'not-listed'; readonly message: string };

/**
 * Whether lists vouch for the end of a path that was found sound: it leads over a listed authority, and at level `oftp2` that
 * authority issued the certificate itself (OP08 2.7).
 * @param path from the certificate towards the anchor, the certificate first
 */
export function judgeListedPath(
  path: readonly Certificate[],
  authorities: readonly ListedAuthority[],
): ListedPathVerdict {
  const [, ...issuers] = path;
  const vouching = authorities.flatMap((authority) => {
    const place = issuers.findIndex(({ fingerprint }) => fingerprint === authority.certificate.fingerprint);
    return place < 0 ? [] : [{ authority, place }];
  });
  const good = vouching.find(({ authority, place }) => place === 0 || authority.level === 'basic');
  if (good !== undefined) return { ok: true, authority: good.authority };
  const [below] = vouching;
  if (below !== undefined) {
    const message = `An authority below "${below.authority.service}" issued it; the list vouches only for what that one issued itself.`;
    return { ok: false, reason: 'issued-below', message };
  }
  const issuer = issuers[0]?.fingerprint;
  const root = authorities.find(({ above }) => above.some(({ fingerprint }) => fingerprint === issuer));
  if (root !== undefined) {
    const message = `An authority above "${root.service}" issued it directly; the list vouches only for what the listed authority issued.`;
    return { ok: false, reason: 'issued-above', message };
  }
  return { ok: false, reason: 'not-listed', message: 'No authority of its path is on a trust list.' };
}
