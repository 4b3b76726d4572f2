import type { Certificate } from '../certificate/index.js';
import { type DistinguishedName, sameName } from '../names/index.js';
import { revocationPointersOf } from './certificate-extensions.js';
import { type DistributionPoint, distributionPointKeys, type DistributionPointName } from './distribution-point.js';
import { generalNameKey } from './general-name-key.js';
import { ALL_REASONS, type ReasonMask } from './reasons.js';
import type { RevocationList } from './revocation-list.js';

/** A distribution point as lists are held against it. */
export interface AskedPoint {
  /** Keys of its names; undefined: it goes by the names of its cRLIssuer. */
  readonly names: ReadonlySet<string> | undefined;
  readonly reasons: ReasonMask | undefined;
  readonly cRLIssuer: readonly DistinguishedName[] | undefined;
}

/**
 * The points to ask for a certificate: its own, then the one that RFC 5280 §6.3.3 adds for lists no point names, which goes by the
 * names of the issuer.
 * @throws PkiError for extensions that cannot be read
 */
export function askedPoints(certificate: Certificate): readonly AskedPoint[] {
  const { cRLDistributionPoints, issuerAltNames } = revocationPointersOf(certificate);
  const issuer = { form: 'directoryName', name: certificate.issuer } as const;
  const implied = new Set([issuer, ...issuerAltNames].flatMap((name) => generalNameKey(name) ?? []));
  return [
    ...cRLDistributionPoints.map((point) => askedPoint(point, certificate)),
    { names: implied, reasons: undefined, cRLIssuer: undefined },
  ];
}

function askedPoint({ name, reasons, cRLIssuer }: DistributionPoint, certificate: Certificate): AskedPoint {
  const names = name === undefined ? undefined : distributionPointKeys(name, cRLIssuer ?? [certificate.issuer]);
  return { names, reasons, cRLIssuer };
}

/**
 * Whether a list is about a certificate seen from one of its points (RFC 5280 §6.3.3 (b)); if not, why, as a clause after the name
 * of the list.
 */
export function outOfScope(list: RevocationList, point: AskedPoint, certificate: Certificate): string | undefined {
  const scope = list.issuingDistributionPoint;
  if (point.cRLIssuer !== undefined && scope?.indirectCRL !== true) return 'is not an indirect one';
  if (scope === undefined) return undefined;
  if (scope.distributionPoint !== undefined) {
    const wanted = point.names ?? directoryKeys(point.cRLIssuer ?? []);
    if (!pointNames(list, scope.distributionPoint).some((name) => wanted.has(name)))
      return 'is that of another distribution point';
  }
  const isAuthority = certificate.basicConstraints?.ca === true;
  switch (scope.onlyContains) {
    case 'userCerts':
      return isAuthority ? 'is about certificates of end entities only' : undefined;
    case 'cACerts':
      return isAuthority ? undefined : 'is about certificates of authorities only';
    case 'attributeCerts':
      return 'is about attribute certificates only';
    case undefined:
      return undefined;
  }
}

const named = new WeakMap<RevocationList, readonly string[]>();

/** Keys of the names of a list's distribution point, made once: an authority may have a list for each thousand certificates. */
function pointNames(list: RevocationList, name: DistributionPointName): readonly string[] {
  const names = named.get(list) ?? [...distributionPointKeys(name, [list.issuer])];
  named.set(list, names);
  return names;
}

/** The reasons that a list covers for a point (RFC 5280 §6.3.3 (d)). */
export function interimReasons(list: RevocationList, point: AskedPoint): ReasonMask {
  const listed = list.issuingDistributionPoint?.onlySomeReasons ?? ALL_REASONS;
  return listed & (point.reasons ?? ALL_REASONS);
}

/**
 * Whether a delta continues a complete list (RFC 5280 §5.2.4 and §6.3.3 (c)): same issuer, same scope, same key, begun at the number
 * of the list or before, and later than it.
 */
export function continues(delta: RevocationList, complete: RevocationList): boolean {
  return (
    sameName(delta.issuer, complete.issuer) &&
    delta.issuingDistributionPoint?.der === complete.issuingDistributionPoint?.der &&
    delta.authorityKeyIdentifierDer === complete.authorityKeyIdentifierDer &&
    complete.number !== undefined &&
    delta.number !== undefined &&
    delta.baseNumber !== undefined &&
    delta.baseNumber <= complete.number &&
    delta.number > complete.number
  );
}

const directoryKeys = (names: readonly DistinguishedName[]): ReadonlySet<string> =>
  new Set(names.flatMap((name) => generalNameKey({ form: 'directoryName', name }) ?? []));
