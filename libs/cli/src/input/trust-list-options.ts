import { trustListName, webAddress } from '@certlane/contracts';
import { invalid } from './invalid.js';

/**
 * The name of a trust list here.
 * @throws {CertlaneError} `invalid-argument`
 */
export function trustListNameFrom(text: string, field = 'NAME'): string {
  const name = trustListName.safeParse(text);
  if (name.success) return name.data;
  throw invalid(field, text, `${name.error.issues[0]?.message ?? 'not allowed'}, e.g. odette`);
}

/**
 * An address that a list is read at.
 * @throws {CertlaneError} `invalid-argument`; an address with a password in it is not repeated
 */
export function webAddressFrom(text: string, field: string): string {
  const address = webAddress.safeParse(text);
  const url = address.success && URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.username === '' && url.password === '') return text;
  if (text.includes('@')) {
    throw invalid(field, undefined, 'an address holds no user and no password; whoever reads the store would see them');
  }
  if (/^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const remedy = 'only http:// and https:// are read; a list that is elsewhere is handed over as a file';
    throw invalid(field, text, `${remedy}: certlane tsl add NAME --file FILE, certlane tsl import NAME FILE`);
  }
  throw invalid(field, text, 'write it whole, e.g. https://www.example.com/lists/tsl.xml');
}
