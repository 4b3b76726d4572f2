import {
  CertlaneError,
  type CertificateSummary,
  type ExchangeKind,
  type Usage,
  type UsageResolution,
} from '@certlane/contracts';
import { isPkiError, readCertificate, writeClid } from '@certlane/pki';
import type { OutboundDraft } from '../ledger/outbound.js';

/** A certificate of ours as the plan needs it. */
export interface OwnedCertificate extends CertificateSummary {
  /** Base64 of the DER. */
  readonly certificate: string;
  /** What the station uses it for now. */
  readonly activeFor: readonly Usage[];
}

/** What an operator asked for. */
export interface SendOrder {
  readonly kind: ExchangeKind;
  readonly station: string;
  /** One certificate; undefined: what the station uses. */
  readonly certificate: string | undefined;
  /** The certificate of ours it follows; undefined: the one the partner knows us by. */
  readonly replaces: string | undefined;
}

/** What answers a REQUEST: every certificate the station uses, one file each (reference: RFC 5024 has none, ACX practice). */
export function planAnswer(owned: readonly OwnedCertificate[], resolved: readonly UsageResolution[]): OutboundDraft[] {
  return inUse(owned).map((own) => draft('deliver', own, predecessorOf(own, owned, resolved)));
}

/**
 * The files that carry an order out.
 *
 * Without a named certificate, `deliver` sends those the partner does not know yet (all, when it knows all), `request` the one
 * for session authentication, which is the sender's own in every sense, `replace` the one whose predecessor is recalled.
 * @throws {CertlaneError} `failed-precondition` when there is nothing to send or to replace, `not-found` for a certificate that is not ours
 */
export function planOrder(
  order: SendOrder,
  owned: readonly OwnedCertificate[],
  resolved: readonly UsageResolution[],
): OutboundDraft[] {
  const chosen = choose(order, owned, resolved);
  const replaced = order.replaces === undefined ? undefined : find(owned, order, 'replaces');
  return chosen.map((own) => {
    const predecessor = replaced ?? predecessorOf(own, owned, resolved);
    if (order.kind === 'replace' && (predecessor === undefined || predecessor.fingerprint === own.fingerprint)) {
      throw new CertlaneError(
        'failed-precondition',
        `nothing is known that certificate ${short(own)} replaces for this partner: name it with --replaces, or send with deliver`,
        { details: { field: 'replaces' } },
      );
    }
    return draft(order.kind, own, predecessor);
  });
}

function choose(
  order: SendOrder,
  owned: readonly OwnedCertificate[],
  resolved: readonly UsageResolution[],
): OwnedCertificate[] {
  if (order.certificate !== undefined) return [requireInUse(find(owned, order, 'certificate'))];
  const active = inUse(owned);
  if (active.length === 0) {
    throw new CertlaneError(
      'failed-precondition',
      `station '${order.station}' uses no certificate yet: choose one with 'certlane certificate activate'`,
      { details: { field: 'certificate' } },
    );
  }
  const unknownToPartner = active.filter((own) =>
    own.activeFor.some((usage) => resolved.find((row) => row.usage === usage)?.ours !== own.fingerprint),
  );
  if (order.kind === 'deliver') return unknownToPartner.length > 0 ? unknownToPartner : active;
  const proving = active.find(({ activeFor }) => activeFor.includes('session-authentication'));
  return [proving ?? unknownToPartner[0] ?? active[0]].filter((own) => own !== undefined);
}

/** The certificate the partner knows us by for the same usage, or, where that is this one, the newest it may still use. */
function predecessorOf(
  own: OwnedCertificate,
  owned: readonly OwnedCertificate[],
  resolved: readonly UsageResolution[],
): OwnedCertificate | undefined {
  const rows = resolved.filter(({ usage }) => own.activeFor.length === 0 || own.activeFor.includes(usage));
  const candidates = rows.flatMap(({ ours, oursAccepted }) => [...(ours === undefined ? [] : [ours]), ...oursAccepted]);
  const fingerprint = candidates.find((candidate) => candidate !== own.fingerprint);
  return owned.find((other) => other.fingerprint === fingerprint);
}

function draft(kind: ExchangeKind, own: OwnedCertificate, predecessor: OwnedCertificate | undefined): OutboundDraft {
  const { certificate, activeFor, ...rest } = own;
  const follows = predecessor === undefined || predecessor.fingerprint === own.fingerprint ? undefined : predecessor;
  return {
    kind,
    certificate: rest,
    octets: certificate,
    description: follows === undefined ? '' : identificationOf(follows, kind),
    usages: activeFor,
  };
}

/**
 * The CLID of the certificate that another follows. Where its names do not fit into SFIDDESC, a delivery goes without: the
 * partner knows the certificate by its own names. A replacement would recall nothing then.
 * @throws {CertlaneError} `failed-precondition` for a replacement that cannot name what it replaces
 */
function identificationOf(follows: OwnedCertificate, kind: ExchangeKind): string {
  try {
    return writeClid(readCertificate(Buffer.from(follows.certificate, 'base64')));
  } catch (thrown) {
    if (!isPkiError(thrown, 'clid-too-long')) throw thrown;
    if (kind !== 'replace') return '';
    throw new CertlaneError(
      'failed-precondition',
      `certificate ${short(follows)} cannot be recalled through an exchange: its issuer's name does not fit into SFIDDESC (999 octets); send the new one with deliver, and have the partner take the old one off file`,
      { details: { field: 'replaces' }, cause: thrown },
    );
  }
}

function inUse(owned: readonly OwnedCertificate[]): OwnedCertificate[] {
  return owned.filter(({ activeFor }) => activeFor.length > 0);
}

function find(
  owned: readonly OwnedCertificate[],
  order: SendOrder,
  field: 'certificate' | 'replaces',
): OwnedCertificate {
  const { station, [field]: fingerprint } = order;
  const found = owned.find((own) => own.fingerprint === fingerprint);
  if (found === undefined) {
    throw new CertlaneError(
      'not-found',
      `station '${station}' has no certificate ${String(fingerprint)}: see 'certlane certificate list'`,
      {
        details: { field, station },
      },
    );
  }
  return found;
}

/**
 * Only what the station uses is sent: a partner's EERP switches usages over, and one that serves none would switch nothing.
 */
function requireInUse(own: OwnedCertificate): OwnedCertificate {
  if (own.activeFor.length > 0) return own;
  throw new CertlaneError(
    'failed-precondition',
    `certificate ${short(own)} serves no usage yet: activate it first; partners that hold another one keep using it until their EERP`,
    { details: { field: 'certificate' } },
  );
}

function short({ fingerprint }: OwnedCertificate): string {
  return fingerprint.slice(0, 12);
}
