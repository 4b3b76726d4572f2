import type { TrustListView } from '@certlane/contracts';
import { trustListFacts } from '../output/trust-list-view.js';
import { pairs } from '../output/table.js';
import { shellWord, short } from '../output/words.js';
import type { Context } from './context.js';
import type { Report } from './report.js';

/** A list is read through redirections, and its signature is verified: longer than most requests take. */
export const FETCH_MS = 90_000;

/** What became of a trust list, and what a person should look at. */
export function taken(context: Context, trustList: TrustListView, headline: string): Report {
  const { style } = context;
  const { name, lastTry, signers } = trustList;
  const look = `certlane tsl show ${shellWord(name)}`;
  const unvouched = signers.filter(({ pinned }) => pinned === 'first-import');
  return {
    data: { trustList },
    text: [
      `${headline}${lastTry?.ok === false ? style.bad(', but what came was not taken') : ''}.`,
      pairs(style, trustListFacts(style, trustList)),
      ...unvouched.map(({ signer }) =>
        style.warning(
          `Its signer ${short(signer.fingerprint)} was pinned by this first list; ${look} says how to check it.`,
        ),
      ),
    ].join('\n'),
  };
}
