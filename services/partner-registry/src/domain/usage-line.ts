/** What of a certificate decides its place in a line and what it may do at a time. */
export interface Dated {
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** Where a time lies in the validity of a certificate. Both ends belong to it (RFC 5280 §4.1.2.5). */
export function phaseAt(
  certificate: Pick<Dated, 'notBefore' | 'notAfter'>,
  at: Date,
): 'scheduled' | 'valid' | 'expired' {
  if (at.getTime() < Date.parse(certificate.notBefore)) return 'scheduled';
  return at.getTime() > Date.parse(certificate.notAfter) ? 'expired' : 'valid';
}

/** The certificate a line stands for at a time: the first valid one. */
export function currentOf<C extends Dated>(line: readonly C[], at: Date): C | undefined {
  return line.find((certificate) => phaseAt(certificate, at) === 'valid');
}

/**
 * The line with a certificate its owner has announced (deliver, request): before everything older. One that is older than
 * the current certificate stands behind it, so that an old file sent again turns nothing back.
 */
export function announce<C extends Dated>(line: readonly C[], added: C, at: Date): readonly C[] {
  const current = currentOf(line, at);
  const from = current !== undefined && starts(current) > starts(added) ? line.indexOf(current) + 1 : 0;
  return insert(line, added, from, starts(added));
}

/**
 * The line with a certificate that is wanted now (replace, an operator's choice), however old it is. Certificates that are
 * valid only later keep their turn.
 */
export function prefer<C extends Dated>(line: readonly C[], added: C, at: Date): readonly C[] {
  return insert(line, added, 0, Math.max(at.getTime(), starts(added)));
}

/** Newest first, by the start of validity. */
export function newestFirst<C extends Dated>(certificates: readonly C[]): C[] {
  return [...certificates].sort((a, b) => starts(b) - starts(a));
}

function insert<C extends Dated>(line: readonly C[], added: C, from: number, start: number): readonly C[] {
  const place = line.findIndex((other, index) => index >= from && starts(other) <= start);
  return place < 0 ? [...line, added] : line.toSpliced(place, 0, added);
}

const starts = (certificate: Dated): number => Date.parse(certificate.notBefore);
