import type { ca, ParsedReplyOf, TrustListView } from '@certlane/contracts';
import { readingExit, readingOutcome, type ReadingOutcome } from '../output/reading-outcome.js';
import type { Style } from '../output/style.js';
import { trustListFacts } from '../output/trust-list-view.js';
import { pairs } from '../output/table.js';
import { shellWord, short } from '../output/words.js';
import type { Context } from './context.js';
import type { Report } from './report.js';

/** A list is read through redirections, and its signature is verified: longer than most requests take. */
export const FETCH_MS = 90_000;

/**
 * What came of reading a trust list at its address. That it is followed, or has another address, stands whatever came of that; the exit
 * status says the latter.
 * @param done what stands: `Trust list odette is followed`
 */
export function tried(
  context: Context,
  { trustList, queued }: ParsedReplyOf<typeof ca.trustListRefresh>,
  done: string,
): Report {
  const outcome = readingOutcome(trustList.lastTry, queued);
  const headline = `${done}${what(context.style, outcome, trustList)}.`;
  return {
    data: { trustList, outcome },
    text: text(context, trustList, headline),
    exitStatus: readingExit(outcome),
  };
}

/** What became of a trust list that was handed over, and what a person should look at. */
export function taken(context: Context, trustList: TrustListView, headline: string): Report {
  return { data: { trustList, outcome: 'read' }, text: text(context, trustList, `${headline}.`) };
}

function what(style: Style, outcome: ReadingOutcome, { name, url = '', sequenceNumber }: TrustListView): string {
  const stays = sequenceNumber === undefined ? '' : `; edition ${sequenceNumber} stays in use`;
  switch (outcome) {
    case 'read':
      return '';
    case 'pending': {
      const look = `certlane tsl show ${shellWord(name)} tells what comes of it`;
      return `${style.warning(', but has not been read yet')}: ${url} has not answered so far. It is read on in the background, and again later should that fail; ${look}${stays}`;
    }
    case 'unreachable':
      return `${style.bad(', but could not be read')}${stays}`;
    case 'refused':
      return `${style.bad(', but what came was not taken')}${stays}`;
  }
}

function text({ style }: Context, trustList: TrustListView, headline: string): string {
  const { name, signers } = trustList;
  const look = `certlane tsl show ${shellWord(name)}`;
  const unvouched = signers.filter(({ pinned }) => pinned === 'first-import');
  return [
    headline,
    pairs(style, trustListFacts(style, trustList)),
    ...unvouched.map(({ signer }) =>
      style.warning(
        `Its signer ${short(signer.fingerprint)} was pinned by this first list; ${look} says how to check it.`,
      ),
    ),
  ].join('\n');
}
