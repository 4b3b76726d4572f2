import { PkiError } from '../errors.js';

const LONGEST = 256;

/** Date, time and zone in the forms that occur, each as year, month, day, hour, minute, second, zone. */
const FORMS: readonly RegExp[] = [
  /^(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)[T ](?<h>\d\d):(?<i>\d\d):(?<s>\d\d)(?:\.\d{1,9})? ?(?<z>Z|UTC|[+-]\d\d:\d\d)?$/,
  /^(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)T?(?<h>\d\d)(?<i>\d\d)(?<s>\d\d)(?<z>Z)?$/,
  /^(?<d>\d\d)\.(?<m>\d\d)\.(?<y>\d{4}) (?<h>\d\d):(?<i>\d\d):(?<s>\d\d)$/,
];

/**
 * The time of the last change from the small text that is published beside a list. Without a zone it is taken as UTC. It is
 * not signed: it may save reading a list, and must never delay reading it past its next update.
 * @throws PkiError `trust-list-update-malformed`
 */
export function readUpdateTime(octets: Uint8Array): Date {
  const text =
    octets.length > LONGEST
      ? ''
      : Buffer.from(octets)
          .toString('utf8')
          .replace(/^\uFEFF/, '')
          .trim();
  for (const form of FORMS) {
    const { y, m, d, h, i, s, z } = form.exec(text)?.groups ?? {};
    if (y === undefined) continue;
    const local = `${y}-${m ?? ''}-${d ?? ''}T${h ?? ''}:${i ?? ''}:${s ?? ''}`;
    const utc = new Date(`${local}Z`);
    const time = new Date(z === undefined || z === 'UTC' ? `${local}Z` : `${local}${z}`);
    if (Number.isNaN(utc.getTime()) || Number.isNaN(time.getTime()) || utc.toISOString().slice(0, 19) !== local) break;
    return time;
  }
  const shown = octets.length > LONGEST ? `${octets.length} octets long` : JSON.stringify(text.slice(0, 60));
  throw new PkiError('trust-list-update-malformed', `The .upd text is ${shown}, which is no time of a last change.`);
}
