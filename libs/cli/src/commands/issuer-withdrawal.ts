import { ca, CertlaneError, isCertlaneError, type Issuer } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { dependentWords, type Dependent } from '../output/issuer-view.js';
import { printable } from '../output/style.js';
import { count } from '../output/words.js';
import { dependentsOn } from '../station/dependents.js';
import type { Consequence } from './confirm.js';

/** As many as one question may be about. */
const MOST = 256;
/** Questions under way at once. */
const UNDER_WAY = 64;

/** What giving a purpose takes from partners, and what a person has to want for it. */
export interface Withdrawal {
  readonly dependents: readonly Dependent[];
  /** Absent where nobody loses anything. */
  readonly consequence: Consequence | undefined;
}

/**
 * What follows when authorities become `verification-only`: of those that are installed for `oftp2`, all together.
 * @throws {CertlaneError} `failed-precondition` where they are too many to ask about at once
 */
export async function withdrawal(bus: Bus, fingerprints: readonly string[]): Promise<Withdrawal> {
  const trusted = (await installed(bus, fingerprints)).filter((issuer) => issuer.installed?.purpose === 'oftp2');
  if (trusted.length > MOST) {
    throw new CertlaneError(
      'failed-precondition',
      `FILE: ${trusted.length} of these authorities are installed for oftp2, and at most ${MOST} become verification-only at once; name fewer`,
      { details: { field: 'FILE' } },
    );
  }
  const dependents = await dependentsOn(
    bus,
    trusted.map(({ fingerprint }) => fingerprint),
    'verification-only',
  );
  if (dependents.length === 0) return { dependents, consequence: undefined };
  const [first] = trusted;
  const which =
    first !== undefined && trusted.length === 1
      ? `${printable(first.subject)}, which would be`
      : `${trusted.length} authorities that would be`;
  const consequence = {
    summary: `${count(dependents.length, 'partner')} ${dependents.length === 1 ? 'stands' : 'stand'} on ${which} verification-only`,
    concerned: dependents.map(dependentWords),
    question: 'Take that trust away all the same?',
  };
  return { dependents, consequence };
}

async function installed(bus: Bus, fingerprints: readonly string[]): Promise<readonly Issuer[]> {
  const found: Issuer[] = [];
  for (let begun = 0; begun < fingerprints.length; begun += UNDER_WAY) {
    const some = fingerprints.slice(begun, begun + UNDER_WAY).map((one) => issuerWith(bus, one));
    found.push(...(await Promise.all(some)).filter((one) => one !== undefined));
  }
  return found;
}

async function issuerWith(bus: Bus, fingerprint: string): Promise<Issuer | undefined> {
  try {
    return (await bus.request(ca.issuerGet, { fingerprint })).issuer;
  } catch (thrown) {
    if (isCertlaneError(thrown) && thrown.code === 'not-found') return undefined;
    throw thrown;
  }
}
