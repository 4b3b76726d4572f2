import { explicit, implicit, integer, objectIdentifier, sequence } from '../asn1/write.js';
import { EXTENSION } from '../certificate/extensions.js';
import { extension } from '../issuing/extension-values.js';
import { ipAddressOctets } from '../issuing/ip-address.js';
import { encodeName, parseDistinguishedName } from '../names/index.js';

/** A GeneralName as `kind:text`: `dns:`, `mail:`, `uri:`, `ip:` (an address, `address/mask` for a range), `dn:`, `other:` (an OID). */
export function generalName(text: string): Uint8Array {
  const kind = text.slice(0, text.indexOf(':'));
  const value = text.slice(kind.length + 1);
  switch (kind) {
    case 'mail':
      return implicit(1, Buffer.from(value, 'latin1'));
    case 'dns':
      return implicit(2, Buffer.from(value, 'latin1'));
    case 'dn':
      return explicit(4, encodeName(parseDistinguishedName(value)));
    case 'uri':
      return implicit(6, Buffer.from(value, 'latin1'));
    case 'ip':
      return implicit(
        7,
        Buffer.concat(value.split('/').map((part) => ipAddressOctets(part) ?? Buffer.from(part, 'hex'))),
      );
    case 'other':
      return explicit(0, objectIdentifier(value), explicit(0, sequence()));
    default:
      throw new TypeError(`"${text}" has no known kind`);
  }
}

/** SubjectAltName of {@link generalName}s. */
export const alternativeNames = (...names: readonly string[]): Uint8Array =>
  extension(EXTENSION.subjectAltName, false, sequence(...names.map(generalName)));

/** Critical NameConstraints of {@link generalName}s. */
export function nameConstraints(permitted: readonly string[], excluded: readonly string[] = []): Uint8Array {
  const subtrees = (n: number, bases: readonly string[]): Uint8Array[] =>
    bases.length === 0 ? [] : [explicit(n, ...bases.map((base) => sequence(generalName(base))))];
  return extension(EXTENSION.nameConstraints, true, sequence(...subtrees(0, permitted), ...subtrees(1, excluded)));
}

/** CertificatePolicies without qualifiers. */
export const certificatePolicies = (...policies: readonly string[]): Uint8Array =>
  extension(EXTENSION.certificatePolicies, false, sequence(...policies.map((oid) => sequence(objectIdentifier(oid)))));

/** Critical PolicyMappings of pairs from the issuer's policy to the subject's. */
export const policyMappings = (...pairs: readonly (readonly [from: string, to: string])[]): Uint8Array =>
  extension(
    EXTENSION.policyMappings,
    true,
    sequence(...pairs.map(([from, to]) => sequence(objectIdentifier(from), objectIdentifier(to)))),
  );

/** Critical PolicyConstraints. */
export function policyConstraints(skip: { readonly explicit?: number; readonly mapping?: number }): Uint8Array {
  const field = (n: number, value: number | undefined): Uint8Array[] =>
    value === undefined ? [] : [implicit(n, integer(value).subarray(2))];
  return extension(EXTENSION.policyConstraints, true, sequence(...field(0, skip.explicit), ...field(1, skip.mapping)));
}

/** Critical InhibitAnyPolicy. */
export const inhibitAnyPolicy = (skip: number): Uint8Array =>
  extension(EXTENSION.inhibitAnyPolicy, true, integer(skip));

/** AuthorityInfoAccess that names responders and addresses of the issuer's certificate (RFC 5280 §4.2.2.1). */
export function informationAccessExtension(addresses: {
  readonly ocsp?: readonly string[];
  readonly caIssuers?: readonly string[];
}): Uint8Array {
  const described = (method: string, urls: readonly string[] = []): Uint8Array[] =>
    urls.map((url) => sequence(objectIdentifier(method), generalName(`uri:${url}`)));
  const descriptions = [
    ...described('1.3.6.1.5.5.7.48.1', addresses.ocsp),
    ...described('1.3.6.1.5.5.7.48.2', addresses.caIssuers),
  ];
  return extension('1.3.6.1.5.5.7.1.1', false, sequence(...descriptions));
}
