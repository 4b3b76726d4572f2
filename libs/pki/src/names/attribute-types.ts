/** How the value of an attribute is written in DER when this library makes a name. */
export type AttributeSyntax = 'directory' | 'printable' | 'ia5';

interface AttributeType {
  readonly oid: string;
  /** The name we write. */
  readonly name: string;
  /** Further names we read; case does not matter for any of them. */
  readonly aliases: readonly string[];
  readonly syntax: AttributeSyntax;
}

const row = (oid: string, name: string, aliases: readonly string[] = [], syntax: AttributeSyntax = 'directory') =>
  ({ oid, name, aliases, syntax }) satisfies AttributeType;

/**
 * Attribute types with a name. The first nine are those of RFC 4514 §3; the others are written by name too, because the
 * products in use write and expect them so. Types not in this list are written by their number.
 */
const ATTRIBUTE_TYPES: readonly AttributeType[] = [
  row('2.5.4.3', 'CN', ['commonName']),
  row('2.5.4.7', 'L', ['localityName']),
  row('2.5.4.8', 'ST', ['S', 'SP', 'stateOrProvinceName']),
  row('2.5.4.10', 'O', ['organizationName']),
  row('2.5.4.11', 'OU', ['organizationalUnitName']),
  row('2.5.4.6', 'C', ['countryName'], 'printable'),
  row('2.5.4.9', 'STREET', ['streetAddress']),
  row('0.9.2342.19200300.100.1.25', 'DC', ['domainComponent'], 'ia5'),
  row('0.9.2342.19200300.100.1.1', 'UID', ['userId']),
  row('2.5.4.5', 'serialNumber', ['SERIAL', 'DeviceSerialNumber'], 'printable'),
  row('1.2.840.113549.1.9.1', 'emailAddress', ['E', 'EMAIL', 'Mail'], 'ia5'),
  row('2.5.4.4', 'SN', ['surname']),
  row('2.5.4.42', 'GN', ['givenName', 'G']),
  row('2.5.4.12', 'T', ['title']),
  row('2.5.4.13', 'description'),
  row('2.5.4.15', 'businessCategory'),
  row('2.5.4.16', 'postalAddress'),
  row('2.5.4.17', 'postalCode'),
  row('2.5.4.18', 'postOfficeBox'),
  row('2.5.4.20', 'telephoneNumber', [], 'printable'),
  row('2.5.4.41', 'name'),
  row('2.5.4.43', 'initials'),
  row('2.5.4.44', 'generationQualifier', ['generation']),
  row('2.5.4.46', 'dnQualifier', ['DNQ'], 'printable'),
  row('2.5.4.65', 'pseudonym'),
  row('2.5.4.97', 'organizationIdentifier'),
  row('1.2.840.113549.1.9.2', 'unstructuredName'),
  row('1.2.840.113549.1.9.8', 'unstructuredAddress'),
  row('1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL', ['jurisdictionLocalityName']),
  row('1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST', ['jurisdictionStateOrProvinceName']),
  row('1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', ['jurisdictionCountryName'], 'printable'),
];

const BY_OID = new Map(ATTRIBUTE_TYPES.map((type) => [type.oid, type]));
const BY_NAME = new Map(
  ATTRIBUTE_TYPES.flatMap((type) => [type.name, ...type.aliases].map((name) => [name.toLowerCase(), type.oid])),
);

/** Object identifier of commonName. */
export const COMMON_NAME = '2.5.4.3';

const DOTTED = /^(?:0|1|2)(?:\.(?:0|[1-9]\d{0,38})){1,30}$/;

/** Whether `text` is an object identifier in dotted form that DER can carry (second arc below 40 under 0 and 1). */
export function isDottedOid(text: string): boolean {
  if (!DOTTED.test(text)) return false;
  const [first, second] = text.split('.');
  return first === '2' || Number(second) < 40;
}

/** Object identifier for an attribute name as people write it, e.g. `CN`, `emailAddress`, `OID.2.5.4.5`, `2.5.4.5`. */
export function attributeTypeOf(name: string): string | undefined {
  const known = BY_NAME.get(name.toLowerCase());
  if (known !== undefined) return known;
  const dotted = name.replace(/^oid\./i, '');
  return isDottedOid(dotted) ? dotted : undefined;
}

/** The name we write for a type, or undefined when it goes by its number. */
export function attributeNameOf(oid: string): string | undefined {
  return BY_OID.get(oid)?.name;
}

/** The string type that RFC 5280 appendix A prescribes for a type: PrintableString, IA5String or any directory string. */
export function attributeSyntaxOf(oid: string): AttributeSyntax {
  return BY_OID.get(oid)?.syntax ?? 'directory';
}
