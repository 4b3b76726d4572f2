/** Subrecord header: this subrecord is the last of its record; of the file, where the file is one record. RFC 5024 §7.2 */
export const END_OF_RECORD = 0x80;

/** Subrecord header: one octet follows, to be repeated as often as the count says. RFC 5024 §7.2 */
export const COMPRESSED = 0x40;

/** Subrecord header: octets of the virtual file it stands for; also the most it can say. RFC 5024 §7.2 */
export const COUNT = 0x3f;

/** Octets on the wire of a full literal subrecord: header and 63 octets of the file. */
export const FULL_SUBRECORD = 1 + COUNT;

/** File octets that one DATA of this size (with its command octet) can carry without compression. RFC 5024 §7.3 */
export function capacityOf(bufferSize: number): number {
  const payload = bufferSize - 1;
  return Math.floor(payload / FULL_SUBRECORD) * COUNT + Math.max(0, (payload % FULL_SUBRECORD) - 1);
}
