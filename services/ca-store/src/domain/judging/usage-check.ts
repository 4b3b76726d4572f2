import type { Usage, ValidationVerdict } from '@certlane/contracts';
import { ANY_KEY_PURPOSE, KEY_PURPOSE, type Certificate, type KeyUsageFlag } from '@certlane/pki';

/** Key usages of which a certificate that names any must name one (RFC 5280 §4.2.1.3). */
const NEEDED: Readonly<Record<Usage, readonly KeyUsageFlag[]>> = {
  tls: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  'session-authentication': ['keyEncipherment'],
  'file-encryption': ['keyEncipherment'],
  'file-signature': ['digitalSignature', 'nonRepudiation'],
  'eerp-signature': ['digitalSignature', 'nonRepudiation'],
};

/** A partner calls and is called with the same certificate, so that either end of TLS will do. */
const TLS = ['serverAuth', 'clientAuth'] as const;
/**
 * Neither the RFCs nor Odette name a purpose for challenges, files and receipts: authorities of OFTP2 write those of TLS (OP09), others
 * that of CMS mail. Only a certificate kept for something else altogether, such as signing code, is not meant for us.
 */
const MESSAGES = [...TLS, 'emailProtection'] as const;

/** Purposes of which a certificate that names any must name one (RFC 5280 §4.2.1.12). */
const PURPOSES: Readonly<Record<Usage, readonly (keyof typeof KEY_PURPOSE)[]>> = {
  tls: TLS,
  'session-authentication': MESSAGES,
  'file-encryption': MESSAGES,
  'file-signature': MESSAGES,
  'eerp-signature': MESSAGES,
};

type Check = ValidationVerdict['checks'][number];

/** Whether the key usage and the extended key usage of a certificate let it serve; without them nothing is excluded. */
export function usageChecks(
  certificate: Pick<Certificate, 'keyUsage' | 'extendedKeyUsage'>,
  usage: Usage,
): readonly Check[] {
  return [keyUsage(certificate, usage), extendedKeyUsage(certificate, usage)];
}

function keyUsage({ keyUsage: named }: Pick<Certificate, 'keyUsage'>, usage: Usage): Check {
  if (named === undefined)
    return { check: 'usage', ok: true, message: 'The certificate does not restrict its key usage.' };
  const ok = NEEDED[usage].some((flag) => named.flags.includes(flag));
  const allowed = named.flags.join(', ');
  return {
    check: 'usage',
    ok,
    message: ok
      ? `The key usage (${allowed}) allows ${usage}.`
      : `The key usage (${allowed}) does not allow ${usage}, which needs ${NEEDED[usage].join(' or ')}.`,
  };
}

function extendedKeyUsage({ extendedKeyUsage: named }: Pick<Certificate, 'extendedKeyUsage'>, usage: Usage): Check {
  const check = 'extended-key-usage';
  if (named === undefined)
    return { check, ok: true, message: 'The certificate does not restrict its extended key usage.' };
  const ok = named.includes(ANY_KEY_PURPOSE) || PURPOSES[usage].some((purpose) => named.includes(KEY_PURPOSE[purpose]));
  return {
    check,
    ok,
    message: ok
      ? `The extended key usage allows ${usage}.`
      : `The extended key usage (${named.map(purposeName).join(', ')}) does not allow ${usage}, which needs ${PURPOSES[usage].join(' or ')}.`,
  };
}

const purposeName = (oid: string): string => Object.entries(KEY_PURPOSE).find(([, known]) => known === oid)?.[0] ?? oid;
