import { pki } from '../pki.js';
import { asClause } from './certificate-file.js';
import { invalid } from './invalid.js';

/** Characters of a name, as the bus takes them. */
const NAME_LIMIT = 4096;

/**
 * A subject as a person writes it: a DN (RFC 4514), whole or in part.
 * @returns the text, as given
 * @throws {CertlaneError} `invalid-argument` when it does not parse
 */
export async function distinguishedNameFrom(text: string, field: string): Promise<string> {
  if (text.length > NAME_LIMIT) {
    throw invalid(
      field,
      text,
      `a distinguished name has ${NAME_LIMIT} characters at most, this one has ${text.length}`,
    );
  }
  const { isPkiError, parseDistinguishedName } = await pki();
  try {
    const name = parseDistinguishedName(text);
    const blank = name.flat().find(({ value }) => value === '');
    if (name.length > 0 && blank === undefined) return text;
  } catch (thrown) {
    if (isPkiError(thrown))
      throw invalid(field, text, `${asClause(thrown.message)}; write e.g. "CN=oftp2.example.com,O=Example,C=DE"`);
    throw thrown;
  }
  throw invalid(
    field,
    text,
    'the name holds nothing, or an attribute without a value; write e.g. "CN=oftp2.example.com,O=Example,C=DE"',
  );
}

/** Bounds of RFC 5280 appendix A that authorities hold requests to. */
const BOUNDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  C: [2, 2],
  CN: [1, 64],
  O: [1, 64],
  OU: [1, 64],
  L: [1, 128],
  ST: [1, 128],
};

/**
 * A subject for a certificate of ours: no authority signs one that oversteps what RFC 5280 allows.
 * @throws {CertlaneError} `invalid-argument`
 */
export async function ownSubjectFrom(text: string, field: string): Promise<string> {
  const { attributeNameOf, parseDistinguishedName } = await pki();
  for (const { type, value } of parseDistinguishedName(await distinguishedNameFrom(text, field)).flat()) {
    const name = attributeNameOf(type) ?? type;
    const [least, most] = BOUNDS[name] ?? [0, Infinity];
    if (value.length >= least && value.length <= most) continue;
    const wanted = least === most ? `takes ${most} characters, as in C=DE` : `takes ${most} characters at most`;
    throw invalid(field, text, `${name} ${wanted} (RFC 5280), this one has ${value.length}; write it shorter`);
  }
  return text;
}

/**
 * A subject to expect from a partner: a DN, whole or in part, or just the common name.
 * @throws {CertlaneError} `invalid-argument`
 */
export async function expectedSubjectFrom(text: string, field: string): Promise<string> {
  if (text.includes('=') || text.length > NAME_LIMIT) return distinguishedNameFrom(text, field);
  if (text.trim() === '') throw invalid(field, text, 'give the common name or the DN of the certificate to expect');
  return text.trim();
}
