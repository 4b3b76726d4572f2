import { pki } from '../pki.js';
import { asClause } from './certificate-file.js';
import { invalid } from './invalid.js';

/**
 * A subject as a person writes it: a DN (RFC 4514), whole or in part.
 * @returns the text, as given
 * @throws {CertlaneError} `invalid-argument` when it does not parse
 */
export async function distinguishedNameFrom(text: string, field: string): Promise<string> {
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

/**
 * A subject to expect from a partner: a DN, whole or in part, or just the common name.
 * @throws {CertlaneError} `invalid-argument`
 */
export async function expectedSubjectFrom(text: string, field: string): Promise<string> {
  if (text.includes('=')) return distinguishedNameFrom(text, field);
  if (text.trim() === '') throw invalid(field, text, 'give the common name or the DN of the certificate to expect');
  return text.trim();
}
