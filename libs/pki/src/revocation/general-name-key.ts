import type { GeneralName } from '../certificate/general-name.js';
import { nameKey } from '../names/index.js';
import { toHex } from '../octets.js';

/**
 * A text that is the same for two names exactly if they are equal, undefined for forms whose values are not kept and which
 * therefore equal nothing. Scheme and host of a URI have no case (RFC 5280 §7.4), the rest of it has.
 */
export function generalNameKey(name: GeneralName): string | undefined {
  switch (name.form) {
    case 'directoryName':
      return `directoryName ${nameKey(name.name)}`;
    case 'uniformResourceIdentifier':
      return `uri ${name.text.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/?#]*)?/i, (start) => start.toLowerCase())}`;
    case 'dNSName':
      return `dNSName ${name.text.toLowerCase()}`;
    case 'rfc822Name':
      return `rfc822Name ${name.text.replace(/@[^@]*$/, (host) => host.toLowerCase())}`;
    case 'iPAddress':
      return `iPAddress ${toHex(name.octets)}`;
    default:
      return undefined;
  }
}
