import { unreachableReasons, type UnreachableReason } from '@certlane/contracts';

/** What an operator can do where a list cannot be read, in the words of the one who knows the list. */
export interface WaysOut {
  /** How a list is handed over without its address. */
  readonly byHand: string;
  /** How its address is corrected; undefined where it stands in certificates. */
  readonly otherAddress?: string;
}

/**
 * What an operator can do when nothing, or no document at all, came from an address.
 * @param reason of a fetch; others have no remedy here
 */
export function readingRemedy(reason: string, { byHand, otherAddress }: WaysOut): string | undefined {
  if (!isOfReading(reason)) return undefined;
  const settings = SETTINGS[reason];
  const address = otherAddress === undefined ? [] : [`if the address is wrong: ${otherAddress}`];
  const ways = settings === undefined ? address : [settings, ...address];
  return [...ways, `what cannot be read from here is handed over: ${byHand}`].join('; ');
}

const OTHERS = ['html', 'coding', 'size'] as const;
type ReadingReason = UnreachableReason | (typeof OTHERS)[number];

function isOfReading(reason: string): reason is ReadingReason {
  return [...unreachableReasons, ...OTHERS].some((one) => one === reason);
}

/** Where configuration stands in the way. */
const SETTINGS: Partial<Record<ReadingReason, string>> = {
  address: 'certlane up --fetch-allow NETWORK (CERTLANE_FETCH_ALLOW) allows addresses that are not public',
  tls: 'CERTLANE_FETCH_CA_FILE names further authorities that https servers are trusted by',
};
