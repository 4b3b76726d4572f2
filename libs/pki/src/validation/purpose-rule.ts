import { failed, passed } from './check-results.js';
import type { PathCheck, PathContext } from './verdict.js';

/** RFC 5280 §4.2.1.12: a certificate with it serves every purpose. */
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * Whether the certificate in question may serve the purposes asked for, all of them (RFC 5280 §4.2.1.12). Only that one is
 * asked: the RFC gives the extension no meaning for the authorities above, neither there nor in §6.1, and authorities in use name
 * there what they like.
 */
export function judgePurposes({ certificates, extendedKeyUsage }: PathContext): readonly PathCheck[] {
  const [certificate] = certificates;
  if (certificate === undefined || extendedKeyUsage === undefined || extendedKeyUsage.length === 0) return [];
  const allowed = certificate.extendedKeyUsage;
  const wanted = extendedKeyUsage.join(', ');
  if (allowed === undefined) {
    return [passed('extended-key-usage', certificate, 'does not restrict its extended key usage')];
  }
  const missing = allowed.includes(ANY_PURPOSE) ? [] : extendedKeyUsage.filter((purpose) => !allowed.includes(purpose));
  return [
    missing.length === 0
      ? passed('extended-key-usage', certificate, `may serve ${wanted} by its extended key usage`)
      : failed('extended-key-usage', certificate, `may not serve ${missing.join(', ')} by its extended key usage`),
  ];
}
