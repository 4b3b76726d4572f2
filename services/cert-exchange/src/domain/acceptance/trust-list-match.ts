import { usages, type Usage } from '@certlane/contracts';
import { ANY_KEY_PURPOSE, KEY_PURPOSE, type Certificate, type KeyUsageFlag } from '@certlane/pki';
import type { AcceptanceFacts } from './facts.js';
import type { Match } from './match.js';

/** Key usages of which a certificate that names any must name one to serve (RFC 5280 §4.2.1.3). */
const needed: Readonly<Record<Usage, readonly KeyUsageFlag[]>> = {
  tls: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  'session-authentication': ['keyEncipherment'],
  'file-encryption': ['keyEncipherment'],
  'file-signature': ['digitalSignature', 'nonRepudiation'],
  'eerp-signature': ['digitalSignature', 'nonRepudiation'],
};

/** Challenges and files are enveloped by key transport to an RSA key (RFC 5024 §5.3.17, RFC 5652 §6.2.1). */
const byKeyTransport: readonly Usage[] = ['session-authentication', 'file-encryption'];

const tlsPurposes: readonly string[] = [KEY_PURPOSE.serverAuth, KEY_PURPOSE.clientAuth, ANY_KEY_PURPOSE];

/** What key, key usage and purposes of a certificate let it serve. */
export function servableUsages({ keyUsage, extendedKeyUsage, publicKey }: Certificate): Usage[] {
  return usages.filter((usage) => {
    if (byKeyTransport.includes(usage) && publicKey.algorithm !== 'rsa') return false;
    if (usage === 'tls' && extendedKeyUsage?.some((purpose) => tlsPurposes.includes(purpose)) === false) return false;
    return keyUsage === undefined || needed[usage].some((flag) => keyUsage.flags.includes(flag));
  });
}

/**
 * With the policy `trusted`: a first certificate that nobody described, but that an authority of a trust list issued. It is a first
 * one only where nothing on file serves what it would serve: else it takes another's place, and for that it must be known.
 *
 * Not in the bypass: there the password alone stands for the partner, and every customer of a listed authority has such a
 * certificate.
 */
export function matchTrustList(facts: AcceptanceFacts, certificate: Certificate): Match | undefined {
  const { rules, verdict, inBypass, onFile } = facts;
  if (rules.acceptance !== 'trusted' || inBypass || certificate.selfIssued) return undefined;
  if (verdict?.anchor?.by !== 'trust-list') return undefined;
  const served = servableUsages(certificate);
  if (served.length === 0 || onFile.some((known) => known.usages.some((usage) => served.includes(usage)))) {
    return undefined;
  }
  return {
    by: 'trust-list',
    entries: [],
    usages: served,
    predecessors: [],
    message: `an authority of trust list '${verdict.anchor.list ?? ''}' stands behind it, and nothing on file serves ${served.join(', ')}`,
  };
}
