import { ca, isCertlaneError, type CertificateSummary, type ValidationVerdict } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { fingerprintsIn, type Names } from '../output/verdict-view.js';

/** Names that are looked up: a verdict over many failed paths speaks of more certificates than anybody reads. */
const LOOKED_UP = 64;

/**
 * The subjects of the certificates that verdicts speak of: of those at hand, and of the authorities that ca-store knows. What nobody
 * knows stays without a name.
 * @param atHand certificates whose names are known already
 */
export async function namesFor(
  bus: Bus,
  verdicts: readonly (ValidationVerdict | undefined)[],
  atHand: readonly Pick<CertificateSummary, 'fingerprint' | 'subject'>[],
): Promise<Names> {
  const names = new Map(atHand.map(({ fingerprint, subject }) => [fingerprint, subject]));
  const asked = verdicts.flatMap((verdict) => (verdict === undefined ? [] : fingerprintsIn(verdict)));
  const unknown = [...new Set(asked)].filter((fingerprint) => !names.has(fingerprint)).slice(0, LOOKED_UP);
  const found = await Promise.all(unknown.map((fingerprint) => subjectOf(bus, fingerprint)));
  for (const [index, subject] of found.entries()) {
    const fingerprint = unknown[index];
    if (fingerprint !== undefined && subject !== undefined) names.set(fingerprint, subject);
  }
  return names;
}

/** A name is a help only: a verdict is shown without it where ca-store does not answer. */
async function subjectOf(bus: Bus, fingerprint: string): Promise<string | undefined> {
  try {
    return (await bus.request(ca.issuerGet, { fingerprint })).issuer.subject;
  } catch (thrown) {
    if (isCertlaneError(thrown)) return undefined;
    throw thrown;
  }
}
