import { certificateSummary } from '@certlane/contracts';
import { formatDistinguishedName, nameKey, type Certificate, type IssuerIndex } from '@certlane/pki';
import type { TrustView } from '../ports/trust-state.js';

/** What one reply names. */
const MOST = { names: 1_000, octets: 300_000 };

/**
 * Names of the known authorities below which a path may lead up to this one, its own left out.
 * @returns undefined where they are too many to name
 */
export function namesBelow({ known }: Pick<TrustView, 'known'>, fingerprint: string): readonly string[] | undefined {
  const top = known.get(fingerprint);
  if (top === undefined) return [];
  const issued = issuedBy(known);
  const found = new Map<string, string>();
  const own = nameKey(top.subject);
  const open = [own];
  let octets = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { subject } of issued.get(next) ?? []) {
      const key = nameKey(subject);
      if (key === own || found.has(key)) continue;
      const name = formatDistinguishedName(subject);
      octets += Buffer.byteLength(name) + 3;
      if (
        found.size === MOST.names ||
        octets > MOST.octets ||
        !certificateSummary.shape.subject.safeParse(name).success
      )
        return undefined;
      found.set(key, name);
      open.push(key);
    }
  }
  return [...found.values()];
}

/** Authorities by the name of their issuer, once for each set of them. */
const indexes = new WeakMap<IssuerIndex, ReadonlyMap<string, readonly Certificate[]>>();

function issuedBy(known: IssuerIndex): ReadonlyMap<string, readonly Certificate[]> {
  const before = indexes.get(known);
  if (before !== undefined) return before;
  const index = new Map<string, Certificate[]>();
  for (const one of known.fingerprints().flatMap((fingerprint) => known.get(fingerprint) ?? [])) {
    const key = nameKey(one.issuer);
    const there = index.get(key);
    if (there === undefined) index.set(key, [one]);
    else there.push(one);
  }
  indexes.set(known, index);
  return index;
}
