import { Option, type Command } from 'commander';
import {
  acceptancePolicies,
  revocationModes,
  selfSignedRules,
  type BypassLimits,
  type Partner,
} from '@certlane/contracts';
import { invalid } from './invalid.js';
import { networksFrom } from './networks.js';
import { choiceFrom, numberFrom } from './values.js';

/** Options that say how far a partner is trusted, as commander gives them. */
export interface TrustOptions {
  readonly acceptance?: string;
  readonly selfSigned?: string;
  readonly revocation?: string;
  readonly twoPerson?: boolean;
  readonly weakKeys?: boolean;
  readonly bypassDays?: string;
  readonly bypassAttempts?: string;
  readonly bypassAddress?: readonly string[];
}

/** Settings of a partner as the registry takes them; what is left out stays, or is as usual. */
export type TrustChange = Partial<
  Pick<Partner, 'acceptance' | 'selfSigned' | 'revocation' | 'twoPerson' | 'weakKeys' | 'bypassLimits'>
>;

/** Declares {@link TrustOptions}; the opposites (`--no-two-person`, `--no-weak-keys`) are for the command to declare, last. */
export function withTrustOptions(command: Command): Command {
  return command
    .option('--acceptance <POLICY>', `what is taken over without a person: ${acceptancePolicies.join(', ')}`)
    .option('--self-signed <RULE>', `whether a self-signed certificate is taken over: ${selfSignedRules.join(', ')}`)
    .option('--revocation <MODE>', `how revocation counts: ${revocationModes.join(', ')}`)
    .option('--two-person', 'approvals need another person than the one who entered the identification data')
    .option('--weak-keys', 'take over weak keys and signatures all the same')
    .option('--bypass-days <NUMBER>', 'days the bypass lasts from now on: 1 to 3650, or none for no end')
    .option('--bypass-attempts <NUMBER>', 'sessions that may run in the bypass: 1 to 10000, or none for any number')
    .addOption(
      new Option(
        '--bypass-address <NETWORK...>',
        'addresses the bypass is open to, e.g. 192.0.2.7 or 192.0.2.0/24; any for all',
      ),
    );
}

/**
 * The settings that were named.
 * @param before the limits of the bypass so far: those that are not named stay
 * @throws {CertlaneError} `invalid-argument`
 */
export function trustChange(options: TrustOptions, before: BypassLimits): TrustChange {
  const { acceptance, selfSigned, revocation, twoPerson, weakKeys } = options;
  const limits = limitsFrom(options);
  return {
    ...(acceptance === undefined ? {} : { acceptance: choiceFrom(acceptance, '--acceptance', acceptancePolicies) }),
    ...(selfSigned === undefined ? {} : { selfSigned: choiceFrom(selfSigned, '--self-signed', selfSignedRules) }),
    ...(revocation === undefined ? {} : { revocation: choiceFrom(revocation, '--revocation', revocationModes) }),
    ...(twoPerson === undefined ? {} : { twoPerson }),
    ...(weakKeys === undefined ? {} : { weakKeys }),
    ...(Object.keys(limits).length === 0 ? {} : { bypassLimits: { ...before, ...limits } }),
  };
}

function limitsFrom({ bypassDays, bypassAttempts, bypassAddress }: TrustOptions): Partial<BypassLimits> {
  return {
    ...(bypassDays === undefined ? {} : { days: numberOrNone(bypassDays, '--bypass-days', 3_650) }),
    ...(bypassAttempts === undefined ? {} : { attempts: numberOrNone(bypassAttempts, '--bypass-attempts', 10_000) }),
    ...(bypassAddress === undefined ? {} : { addresses: addressesFrom(bypassAddress) }),
  };
}

function numberOrNone(text: string, field: string, most: number): number | null {
  if (text === 'none') return null;
  try {
    return numberFrom(text, field, 1, most);
  } catch {
    throw invalid(field, text, `a whole number from 1 to ${most} is wanted, or none for no limit`);
  }
}

/** More would be no list that a person keeps. */
const ADDRESSES = 32;

function addressesFrom(given: readonly string[]): string[] {
  const addresses = networksFrom(given, '--bypass-address', 'any');
  if (addresses.length <= ADDRESSES) return addresses;
  const problem = `${addresses.length} were given, ${ADDRESSES} at most; write them as ranges`;
  throw invalid('--bypass-address', undefined, problem);
}
