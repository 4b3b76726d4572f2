import type { CertificateSummary } from '@certlane/contracts';
import { extendedKeyUsageWords, keyUsageWords } from '../input/key-usage.js';
import { printable } from './style.js';
import { day, short } from './words.js';

/** Headings that go with {@link certificateCells}. */
export const CERTIFICATE_HEADINGS = ['CERTIFICATE', 'SUBJECT', 'SERIAL', 'ISSUER', 'VALID FROM', 'UNTIL'] as const;

/** The cells every list of certificates begins with. */
export function certificateCells(certificate: CertificateSummary): string[] {
  return [
    short(certificate.fingerprint),
    printable(certificate.subject),
    shortSerial(certificate.serialNumber),
    printable(certificate.issuer),
    day(certificate.notBefore),
    day(certificate.notAfter),
  ];
}

/** Name and value of each thing worth knowing of one certificate. */
export function certificateFacts(certificate: CertificateSummary): (readonly [string, string])[] {
  return [
    ['Fingerprint', certificate.fingerprint],
    ['Subject', printable(certificate.subject)],
    ['Issuer', printable(certificate.issuer)],
    ['Serial number', certificate.serialNumber],
    ['Valid', `${day(certificate.notBefore)} until ${day(certificate.notAfter)}`],
    ['Key usage', certificate.keyUsage === undefined ? 'any' : keyUsageWords(certificate.keyUsage)],
    ['Extended key usage', extendedKeyUsageWords(certificate.extendedKeyUsage) || 'any'],
  ];
}

/** `expired` or `not yet valid`; `undefined` inside its validity. */
export function unusable(
  { notBefore, notAfter }: Pick<CertificateSummary, 'notBefore' | 'notAfter'>,
  now: Date,
): 'expired' | 'not yet valid' | undefined {
  if (Date.parse(notAfter) < now.getTime()) return 'expired';
  return Date.parse(notBefore) > now.getTime() ? 'not yet valid' : undefined;
}

/** Authorities use up to 40 digits; the first ones tell renewals apart. */
function shortSerial(serial: string): string {
  return serial.length <= 12 ? serial : `${serial.slice(0, 11)}…`;
}
