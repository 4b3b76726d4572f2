/**
 * JSON in the one form that a hash can stand on (RFC 8785): names sorted by their UTF-16 code units, no white space, numbers and texts as
 * ECMAScript writes them. Two values that a store cannot tell apart have the same text.
 * @param value plain JSON
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}
