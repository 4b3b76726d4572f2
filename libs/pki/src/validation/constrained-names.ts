import { TAG } from '../asn1/element.js';
import { want } from '../asn1/values.js';
import type { Certificate } from '../certificate/index.js';
import { EXTENSION, extensionElement } from '../certificate/extensions.js';
import { type GeneralName, readGeneralName } from '../certificate/general-name.js';
import { COMMON_NAME, formatDistinguishedName } from '../names/index.js';
import { toHex } from '../octets.js';
import { hostOf } from './host-names.js';

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

/**
 * Every name of a certificate that name constraints above it apply to (RFC 5280 §4.2.1.10): the subject unless it is empty, the
 * mail addresses in it, the alternative names. The common name of an end entity without a DNS name counts as one where it looks
 * like one, since TLS clients take it for one.
 * @throws PkiError for alternative names that cannot be read
 */
export function constrainedNames(certificate: Certificate, isTarget: boolean): readonly GeneralName[] {
  const { subject } = certificate;
  const alternative = extensionElement(certificate, EXTENSION.subjectAltName);
  const alternatives =
    alternative === undefined
      ? []
      : want(alternative, TAG.sequence, 'subjectAltName').children.map((name) =>
          readGeneralName(name, 'a subjectAltName'),
        );
  const attributes = subject.flat();
  const mail = attributes.filter(({ type }) => type === EMAIL_ADDRESS);
  const hosts =
    isTarget && !alternatives.some(({ form }) => form === 'dNSName')
      ? attributes.filter(
          ({ type, value }) => type === COMMON_NAME && hostOf(value, 'wildcard')?.includes('.') === true,
        )
      : [];
  return [
    ...(subject.length === 0 ? [] : [{ form: 'directoryName' as const, name: subject }]),
    ...mail.map(({ value }) => ({ form: 'rfc822Name' as const, text: value })),
    ...hosts.map(({ value }) => ({ form: 'dNSName' as const, text: value })),
    ...alternatives,
  ];
}

/** The name for messages, cut where a stranger made it long. */
export function describeName(name: GeneralName): string {
  return `${name.form}${textOf(name)}`;
}

const MAXIMUM_TEXT = 120;

function textOf(name: GeneralName): string {
  switch (name.form) {
    case 'directoryName':
      return ` "${cut(formatDistinguishedName(name.name))}"`;
    case 'rfc822Name':
    case 'dNSName':
    case 'uniformResourceIdentifier':
      return ` "${cut(name.text)}"`;
    case 'iPAddress':
      return ` ${cut(name.octets.length === 4 ? name.octets.join('.') : toHex(name.octets))}`;
    case 'otherName':
      return ` of type ${name.type}`;
    default:
      return '';
  }
}

const cut = (text: string): string => (text.length > MAXIMUM_TEXT ? `${text.slice(0, MAXIMUM_TEXT)}…` : text);
