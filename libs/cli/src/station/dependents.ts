import { registry, type IssuerSupposition } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import type { Dependent } from '../output/issuer-view.js';

/**
 * The partners that would lose something if authorities were what is supposed of them, all of them together.
 * @param issuers fingerprints, 256 at most
 */
export async function dependentsOn(
  bus: Bus,
  issuers: readonly string[],
  supposed: IssuerSupposition,
): Promise<readonly Dependent[]> {
  const [issuer, ...others] = issuers;
  if (issuer === undefined) return [];
  const asked = { issuer, others, supposed, limit: 500 };
  return everyEntry(bus, registry.issuerDependents, asked, (page) => page.partners);
}
