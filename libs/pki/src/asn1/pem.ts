import { plain, view } from '../octets.js';
import { malformed, TAG } from './element.js';

/** One block between `-----BEGIN …-----` and `-----END …-----` (RFC 7468). */
export interface PemBlock {
  /** E.g. `CERTIFICATE`. */
  readonly label: string;
  readonly octets: Uint8Array;
  /** The block as it stands, for readers of the old encrypted form with header lines. */
  readonly text: string;
  /** Whether header lines of RFC 1421 stand before the base64, as in keys encrypted by old programs. */
  readonly headers: boolean;
}

const BEGIN = '-----BEGIN ';
const DASHES = '-----';

/** Blocks that one text may hold. */
const MAXIMUM_BLOCKS = 256;

/** Whether the octets are text with PEM blocks, and not DER that happens to hold such a text inside a name. */
export function isPem(octets: Uint8Array): boolean {
  const longDer = octets[0] === TAG.sequence && (octets[1] ?? 0) >= 0x80;
  return !longDer && view(octets).includes(BEGIN);
}

/**
 * All blocks of a text, in order; text around them is passed over.
 * @throws PkiError `asn1-malformed`
 */
export function readPem(octets: Uint8Array): PemBlock[] {
  const text = view(octets).toString('latin1');
  const blocks: PemBlock[] = [];
  for (let begin = text.indexOf(BEGIN); begin >= 0;) {
    if (blocks.length === MAXIMUM_BLOCKS) throw malformed(`more than ${MAXIMUM_BLOCKS} PEM blocks`);
    const labelEnd = text.indexOf(DASHES, begin + BEGIN.length);
    const label = labelEnd < 0 ? '' : text.slice(begin + BEGIN.length, labelEnd);
    if (!/^[A-Z0-9 #-]{1,64}$/.test(label)) throw malformed('a BEGIN line without a label');
    const endLine = `-----END ${label}-----`;
    const end = text.indexOf(endLine, labelEnd);
    if (end < 0) throw malformed(`a PEM block "${label}" without its END line`);
    blocks.push(readBlock(label, text.slice(labelEnd + DASHES.length, end), text.slice(begin, end + endLine.length)));
    begin = text.indexOf(BEGIN, end);
  }
  return blocks;
}

/** A PEM block with lines of 64 characters. */
export function writePem(label: string, octets: Uint8Array): string {
  const lines =
    view(octets)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function readBlock(label: string, body: string, text: string): PemBlock {
  const headers = body.includes(':');
  const base64 = (headers ? body.replace(/^[^\n]*:[^\n]*(?:\n[ \t][^\n]*)*$/gm, '') : body).replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw malformed(`the PEM block "${label}" is no base64`);
  }
  return { label, octets: plain(Buffer.from(base64, 'base64')), text: `${text}\n`, headers };
}
