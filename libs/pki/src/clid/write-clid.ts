import type { Certificate } from '../certificate/index.js';
import { PkiError } from '../errors.js';
import { type DistinguishedName, formatDistinguishedName } from '../names/index.js';
import { identifyingKey } from './clid.js';

/** Octets of SFIDDESC, UTF-8 (RFC 5024 §5.3.3). */
export const MAXIMUM_CLID_OCTETS = 999;

/**
 * The logical identification data of a certificate for SFIDDESC: lines `I N A B E S`, joined with LF. `E`, then also `S`, is
 * left out when the text would pass 999 octets.
 * @throws PkiError `clid-too-long` when even the four lines that must be there do not fit
 */
export function writeClid(certificate: Certificate): string {
  const required = [
    `I=${encoded(certificate.issuer)}`,
    `N=${certificate.serialNumber}`,
    `A=${identifyingKey(certificate) ?? ''}`,
    `B=${certificate.keyUsage?.hex ?? ''}`,
  ];
  const purposes = certificate.extendedKeyUsage === undefined ? [] : [`E=${certificate.extendedKeyUsage.join(',')}`];
  const subject = `S=${encoded(certificate.subject)}`;
  const forms = [[...required, ...purposes, subject], [...required, subject], required];
  const text = forms.map((lines) => lines.join('\n')).find((form) => form.length <= MAXIMUM_CLID_OCTETS);
  if (text === undefined) {
    throw new PkiError(
      'clid-too-long',
      `The issuer name of certificate ${certificate.serialNumber} is too long for identification data of ${MAXIMUM_CLID_OCTETS} octets.`,
    );
  }
  return text;
}

const encoded = (name: DistinguishedName): string =>
  Buffer.from(formatDistinguishedName(name), 'utf8').toString('base64');
