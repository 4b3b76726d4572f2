import { ANY_KEY_PURPOSE } from '../certificate/key-purpose.js';
import { failed, passed } from './check-results.js';
import type { PathCheck, PathContext } from './verdict.js';

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
  const missing = allowed.includes(ANY_KEY_PURPOSE)
    ? []
    : extendedKeyUsage.filter((purpose) => !allowed.includes(purpose));
  return [
    missing.length === 0
      ? passed('extended-key-usage', certificate, `may serve ${wanted} by its extended key usage`)
      : failed('extended-key-usage', certificate, `may not serve ${missing.join(', ')} by its extended key usage`),
  ];
}
