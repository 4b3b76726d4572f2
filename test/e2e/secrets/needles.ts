/** Something that must be nowhere, under the name it is reported by. */
export interface Needle {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** So many octets of a long secret are sought, at several places: a part of it is as bad as all of it. */
const PIECE = 24;

/** A needle for each of several pieces of a long secret, a single one for a short one. */
export function needlesOf(name: string, secret: Uint8Array): Needle[] {
  if (secret.length <= 2 * PIECE) return [{ name, octets: secret }];
  const last = secret.length - PIECE;
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const start = Math.floor(last * share);
    return { name: `${name} from octet ${start}`, octets: secret.subarray(start, start + PIECE) };
  });
}

/** What octets look like when somebody writes them down: as they are, as hex, and as base64 at each of its three offsets. */
export function writtenForms(octets: Uint8Array): Buffer[] {
  const raw = Buffer.from(octets);
  const hex = raw.toString('hex');
  const base64 = [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), raw])
      .toString('base64')
      .replaceAll('=', '');
    // The first and the last character may hold bits of the neighbours.
    const inner = text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + raw.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const forms = [raw, ...[hex, hex.toUpperCase(), ...base64].map((text) => Buffer.from(text, 'latin1'))];
  return [...new Map(forms.map((form) => [form.toString('hex'), form])).values()];
}
