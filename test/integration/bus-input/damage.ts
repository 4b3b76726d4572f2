/** A request with one thing wrong in it. */
export interface Damaged {
  /** What is wrong, for the name of a failure. */
  readonly what: string;
  /** Path of the field that has to be named. */
  readonly field: string;
  readonly body: unknown;
}

type Path = readonly (string | number)[];
type Change = { readonly put: unknown } | 'leave out';

/** More than any field may hold, and a multiple of four, so that it is base64 as well. */
const TOO_LONG = 'A'.repeat(200_000);
/** More than any list may hold, and less than a message may: nats-server takes no more than 1 MiB. */
const tooMany = (item: unknown): unknown[] =>
  Array.from({ length: Math.min(5_000, Math.floor(900_000 / JSON.stringify(item).length)) }, () => item);

/**
 * Every way in which one field of a request can be wrong by its form alone: missing, of another type, too long, unknown.
 * @param optional paths that may be left out; list indices are written as numbers (`certificates.0`)
 */
export function damages(request: object, optional: readonly string[]): Damaged[] {
  return nodesOf(request, []).flatMap(({ path, value }) => {
    const field = path.join('.');
    const missing = optional.includes(field) || typeof path.at(-1) === 'number' || path.length === 0;
    return [
      ...(missing ? [] : [damaged(request, path, 'leave out', `without ${field}`)]),
      ...wrongValues(value).map(([what, put]) => damaged(request, path, { put }, `${field} ${what}`)),
      ...unknownField(request, path, value),
    ];
  });
}

function wrongValues(value: unknown): (readonly [what: string, value: unknown])[] {
  const otherTypes = [7, 'text', true, [7], { of: 'another form' }].filter((other) => formOf(other) !== formOf(value));
  const wrong = otherTypes.map((other) => [`as ${formOf(other)}`, other] as const);
  if (typeof value === 'string') return [...wrong, ['too long', TOO_LONG]];
  if (typeof value === 'number') return [...wrong, ['too large', 1e15], ['with a fraction', value + 0.5]];
  if (Array.isArray(value)) return [...wrong, ['too long', tooMany(value[0])]];
  return wrong;
}

/** An object may hold nothing that the contract does not name: a slip in the name of an option must not pass as leaving it out. */
function unknownField(request: object, path: Path, value: unknown): Damaged[] {
  if (formOf(value) !== 'an object') return [];
  const at = [...path, 'unheardOf'];
  return [damaged(request, at, { put: 1 }, `an unknown field in ${path.join('.') || 'the request'}`)];
}

function damaged(request: object, path: Path, change: Change, what: string): Damaged {
  return { what, field: path.join('.'), body: changed(request, path, change) };
}

/** A copy with one field changed. */
export function changed(value: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (key === undefined) return change === 'leave out' ? undefined : change.put;
  if (Array.isArray(value))
    return value.map((item, index) => (index === key ? changed(item, rest, change) : (item as unknown)));
  const { [key]: field, ...others } = value as Record<string, unknown>;
  if (change === 'leave out' && rest.length === 0) return others;
  return { ...others, [key]: changed(field, rest, change) };
}

function nodesOf(value: unknown, path: Path): { path: Path; value: unknown }[] {
  const children = Array.isArray(value)
    ? value.slice(0, 1).map((item, index) => [index, item] as const)
    : formOf(value) === 'an object'
      ? Object.entries(value as object)
      : [];
  return [{ path, value }, ...children.flatMap(([key, child]) => nodesOf(child, [...path, key]))];
}

function formOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
