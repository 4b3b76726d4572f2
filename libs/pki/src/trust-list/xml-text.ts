import { PkiError } from '../errors.js';
import { TRUST_LIST_LIMITS } from './limits.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The octets as the text of a document that can be given to an XML parser: UTF-8 and declared as nothing else, within bounds,
 * without DOCTYPE and entities. They are looked for in the raw text, comments included: no parser has to be trusted with them.
 * @throws PkiError `too-large`, `trust-list-malformed`, `trust-list-unsafe`
 */
export function xmlTextOf(octets: Uint8Array): string {
  if (octets.length > TRUST_LIST_LIMITS.octets) {
    throw new PkiError(
      'too-large',
      `The trust list has ${octets.length} octets; at most ${TRUST_LIST_LIMITS.octets} are read.`,
    );
  }
  const text = utf8(octets);
  if (text.trim() === '') throw malformed('it is empty');
  if (text.includes('\0')) throw malformed('it holds NUL characters, as UTF-16 does; it has to be UTF-8');
  if (/<!doctype\s+html|<html[\s>]/i.test(text.slice(0, 1024))) throw malformed('it is an HTML page');
  const declaration = /^<\?xml\s[^>]*\?>/.exec(text)?.[0] ?? '';
  const encoding = /\sencoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1];
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') {
    throw malformed(`it declares the encoding ${JSON.stringify(encoding.slice(0, 40))}; it has to be UTF-8`);
  }
  if (/<!(?!--|\[CDATA\[)/.test(text)) {
    throw new PkiError(
      'trust-list-unsafe',
      'The trust list holds a DOCTYPE or another declaration "<!…"; none is read.',
    );
  }
  if (text.slice(declaration.length).includes('<?')) {
    throw new PkiError('trust-list-unsafe', 'The trust list holds a processing instruction "<?…"; none is read.');
  }
  return text;
}

function utf8(octets: Uint8Array): string {
  try {
    return decoder.decode(octets);
  } catch (error) {
    throw new PkiError('trust-list-malformed', 'The trust list cannot be read: it is not UTF-8.', { cause: error });
  }
}

const malformed = (why: string): PkiError =>
  new PkiError('trust-list-malformed', `The trust list cannot be read: ${why}.`);
