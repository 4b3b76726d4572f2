import { EsidReason, esidReasons } from '../reasons/esid.js';
import type { CommandNamed } from './command.js';
import { layoutOf } from './layout.js';
import type { LeniencyName } from './leniencies.js';
import { decodeUtf8, latin1 } from './text.js';

const { octet: ESID_OCTET, slots } = layoutOf('ESID');
const [, reasonSlot, , textSlot] = slots;

/**
 * What can be read of an ESID that is not in order. It ends the session whatever it says, and answering it with another
 * ESID is forbidden, so it is never an error.
 * @returns undefined when the exchange buffer is no ESID, or must be to the letter
 */
export function salvageEndSession(
  oeb: Uint8Array,
  leniencies: ReadonlySet<LeniencyName>,
): CommandNamed<'ESID'> | undefined {
  if (oeb[0] !== ESID_OCTET || !leniencies.has('damagedEndSession')) return undefined;
  const reasonAt = reasonSlot?.field.position ?? 0;
  const digits = latin1(oeb.subarray(reasonAt, reasonAt + (reasonSlot?.width ?? 0)));
  const text = decodeUtf8(oeb.subarray(textSlot?.field.position ?? 0));
  return {
    command: 'ESID',
    ESIDREAS: /^[0-9]{2}$/.test(digits) ? esidReasons.of(Number(digits)) : EsidReason.unspecified,
    ESIDREAST: text.replace(/[\r\n\ufffd]$/, ''),
  };
}
