import type { Usage, ValidationVerdict } from '@certlane/contracts';
import type { Certificate, KeyUsageFlag } from '@certlane/pki';

/** Key usages of which a certificate that names any must name one (RFC 5280 §4.2.1.3). */
const NEEDED: Readonly<Record<Usage, readonly KeyUsageFlag[]>> = {
  tls: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  'session-authentication': ['keyEncipherment'],
  'file-encryption': ['keyEncipherment'],
  'file-signature': ['digitalSignature', 'nonRepudiation'],
  'eerp-signature': ['digitalSignature', 'nonRepudiation'],
};

/** Whether the key usage of a certificate lets it serve; without one nothing is excluded. */
export function usageCheck(
  { keyUsage }: Pick<Certificate, 'keyUsage'>,
  usage: Usage,
): ValidationVerdict['checks'][number] {
  if (keyUsage === undefined)
    return { check: 'usage', ok: true, message: 'The certificate does not restrict its key usage.' };
  const ok = NEEDED[usage].some((flag) => keyUsage.flags.includes(flag));
  const allowed = keyUsage.flags.join(', ');
  return {
    check: 'usage',
    ok,
    message: ok
      ? `The key usage (${allowed}) allows ${usage}.`
      : `The key usage (${allowed}) does not allow ${usage}, which needs ${NEEDED[usage].join(' or ')}.`,
  };
}
