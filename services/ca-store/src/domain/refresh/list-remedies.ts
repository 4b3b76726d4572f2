import type { KnownRevocationList } from '../../ports/trust-state.js';
import type { ListRefusal } from './admit-list.js';
import { readingRemedy } from './reading-remedies.js';

const BY_HAND = 'certlane crl import FILE';
const CLOCK = 'compare the clock of this machine; if that is right, ask the authority for a corrected list';
const ABOVE = 'certlane issuer add FILE --purpose verification-only installs an authority above its issuer';
const WHOLE = 'ask the authority for a whole copy';

/** What is wrong with a list that came from its address, by reason. */
const OF_READ = new Map(
  Object.entries({
    'too-old': `ask the authority for a current list; ${BY_HAND} takes it from a file`,
    older: `ask the authority for its newest list; ${BY_HAND} takes it from a file`,
    'of-the-future': CLOCK,
    'signature-invalid': `${WHOLE}; ${BY_HAND} takes it from a file`,
    'crl-malformed': `${WHOLE}; ${BY_HAND} takes it from a file`,
    'issuer-unexpected': 'ask the authority whose certificates name this address to publish its own list there',
    'signer-not-trusted': ABOVE,
    'base-missing': `${BY_HAND} takes the complete list that it continues`,
  }),
);

/** The same of one that was handed over. */
const OF_IMPORTED: Partial<Record<ListRefusal, string>> = {
  older: 'the newer one stays in use; certlane crl list shows it, certlane crl remove ID takes it out',
  'of-the-future': CLOCK,
  'signature-invalid': 'give the list as its authority published it',
  'signer-not-trusted': ABOVE,
  'base-missing': 'import the complete list that it continues first',
};

/** What an operator can do about a list that was handed over and not taken; undefined: nothing is known, or the message says it. */
export function importRemedy(reason: ListRefusal): string | undefined {
  return OF_IMPORTED[reason];
}

/** How a try at an address went, with what an operator can do where it failed. */
export function withListRemedy(lastTry: NonNullable<KnownRevocationList['lastTry']>): typeof lastTry {
  const { ok, reason = '' } = lastTry;
  const remedy = ok ? undefined : (OF_READ.get(reason) ?? readingRemedy(reason, { byHand: BY_HAND }));
  return remedy === undefined ? lastTry : { ...lastTry, remedy };
}
