import type { PkiErrorCode } from '@certlane/pki';
import type { TrustListRefusal } from '@certlane/pki/trust-list';
import type { FollowedList } from '../../ports/trust-state.js';
import { readingRemedy } from '../refresh/reading-remedies.js';

/** A trust list that something is wrong with, as its remedy needs it. */
export type AilingList = Pick<FollowedList, 'name' | 'edition' | 'signers'>;

/** How an edition came: `first` with the wish to follow it. */
export type CameBy = 'address' | 'file' | 'first';

interface Case extends AilingList {
  readonly by: CameBy;
}

const again = ({ name }: AilingList): string =>
  `certlane tsl remove ${name}, then certlane tsl add ${name} … --signer CERT`;

/** Another signer takes two persons where a list is followed, and none where it is about to be. */
const otherSigner = (list: Case): string => {
  if (list.by === 'first')
    return 'compare its fingerprint with what the publisher says, then give its certificate with --signer';
  const { name } = list;
  const both = `certlane tsl signer stage ${name} CERT, then another person: certlane tsl signer confirm ${name}`;
  const way = `if the publisher has announced this signer: ${both}`;
  return list.edition === undefined && list.signers.length > 0
    ? `${way}; if the wrong one was given: ${again(list)}`
    : way;
};

const askFor =
  (what: string) =>
  ({ name, by }: Case): string => {
    const ask = `ask the publisher for ${what}`;
    if (by === 'address') return `${ask}; certlane tsl import ${name} FILE takes it from a file`;
    return ask;
  };

const numbering = (list: Case): string => {
  const ask = 'ask the publisher for the newest edition';
  return `${ask}; if its numbers began anew: ${again(list)}`;
};

/** What came is not what was meant, or not whole. */
const otherDocument = (list: Case): string =>
  list.by === 'address'
    ? `if the address is wrong: certlane tsl set ${list.name} --url URL; otherwise ${askFor('the list as it was signed')(list)}`
    : 'give the list as its publisher signed it';

const altered = ({ name, by }: Case): string => {
  const ask = 'ask the publisher whether it is the list as it was signed';
  return by === 'address' ? `${ask}; one that came another way is taken with certlane tsl import ${name} FILE` : ask;
};

const clock = (list: Case): string =>
  `compare the clock of this machine; if that is right, ${askFor('a corrected edition')(list)}`;

/** Why an edition is refused: by its signature and form, by what stands in it, and by time alone. */
type Refusal = Extract<PkiErrorCode, `trust-list-${string}` | 'too-large'> | TrustListRefusal | 'out-of-date';

const REMEDIES = {
  'trust-list-signer-unknown': otherSigner,
  'signer-not-pinned': otherSigner,
  'trust-list-signature-invalid': altered,
  'trust-list-malformed': otherDocument,
  'trust-list-unsafe': otherDocument,
  'trust-list-signature-form': otherDocument,
  'too-large': otherDocument,
  'trust-list-algorithm': askFor('an edition signed with RSA (2048 bits or more) over SHA-256 or SHA-512'),
  'sequence-number-lower': numbering,
  'issued-before-current': numbering,
  'sequence-number-reused': askFor('an edition with a number of its own'),
  'next-update-missing': askFor('an edition that says when the next one is due'),
  'next-update-before-issue': askFor('an edition that says when the next one is due'),
  'next-update-passed': askFor('a current edition'),
  'out-of-date': askFor('a current edition'),
  'issued-in-future': clock,
} satisfies Record<Exclude<Refusal, 'trust-list-update-malformed'>, (list: Case) => string>;

const byReason = new Map<string, (list: Case) => string>(Object.entries(REMEDIES));

/** What an operator can do about a trust list that could not be read or was not taken; undefined: nothing is known. */
export function trustListRemedy(reason: string | undefined, list: AilingList, by: CameBy): string | undefined {
  if (reason === undefined) return undefined;
  const { name } = list;
  return (
    byReason.get(reason)?.({ ...list, by }) ??
    readingRemedy(reason, {
      byHand: `certlane tsl import ${name} FILE`,
      otherAddress: `certlane tsl set ${name} --url URL`,
    })
  );
}
