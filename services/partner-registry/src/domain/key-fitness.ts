import { CertlaneError, type Usage } from '@certlane/contracts';
import type { Certificate, KeyUsageFlag } from '@certlane/pki';

const SIGNS: readonly KeyUsageFlag[] = ['digitalSignature', 'nonRepudiation'];
const OPENS: readonly KeyUsageFlag[] = ['keyEncipherment'];

/** Key usages of which a certificate that names any must name one (RFC 5280 §4.2.1.3); no key usage at all: unrestricted. */
const NEEDED: Readonly<Record<Usage, readonly KeyUsageFlag[]>> = {
  tls: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  // Challenges and files are enveloped by key transport to an RSA key (RFC 5024 §5.3.17, RFC 5652 §6.2.1).
  'session-authentication': OPENS,
  'file-encryption': OPENS,
  'file-signature': SIGNS,
  'eerp-signature': SIGNS,
};

/**
 * Refuses usages that the key of a certificate cannot serve, whatever its certificate allows.
 * @throws {CertlaneError} `invalid-argument` naming the usages
 */
export function requireKeyTransport(certificate: Certificate, usages: readonly Usage[]): void {
  const unfit = usages.filter((usage) => NEEDED[usage] === OPENS);
  if (certificate.publicKey.algorithm === 'rsa' || unfit.length === 0) return;
  throw new CertlaneError(
    'invalid-argument',
    `usages: ${unfit.join(', ')} need an RSA key, this certificate has one of type ${certificate.publicKey.algorithm}; choose other usages or another certificate`,
    { details: { field: 'usages' } },
  );
}

/**
 * Refuses usages that the key usage of a certificate does not allow.
 * @throws {CertlaneError} `invalid-argument` naming the usages and what they need
 */
export function requireKeyUsage(certificate: Certificate, usages: readonly Usage[]): void {
  const { keyUsage } = certificate;
  if (keyUsage === undefined) return;
  const unfit = usages.filter((usage) => !NEEDED[usage].some((flag) => keyUsage.flags.includes(flag)));
  if (unfit.length === 0) return;
  const wants = unfit.map((usage) => `${usage} (${NEEDED[usage].join(' or ')})`).join(', ');
  throw new CertlaneError(
    'invalid-argument',
    `usages: the key usage of this certificate (${keyUsage.flags.join(', ')}) does not allow ${wants}; choose other usages or another certificate`,
    { details: { field: 'usages' } },
  );
}
