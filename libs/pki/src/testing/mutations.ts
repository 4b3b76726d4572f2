import fc from 'fast-check';

/** Octets that are one of `seeds` with some octets exchanged, taken out, doubled, put in or cut off: nearly right input. */
export function mutated(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('set', 'delete', 'insert', 'cut', 'double'),
    octet: fc.integer({ min: 0, max: 255 }),
    count: fc.integer({ min: 1, max: 8 }),
  });
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 6 }))
    .map(([seed, changes]) => {
      let octets = Array.from(seed);
      for (const { at, kind, octet, count } of changes) {
        const place = octets.length === 0 ? 0 : at % octets.length;
        if (kind === 'set') octets[place] = octet;
        else if (kind === 'delete') octets.splice(place, count);
        else if (kind === 'insert') octets.splice(place, 0, octet);
        else if (kind === 'cut') octets = octets.slice(0, place);
        else octets.splice(place, 0, ...octets.slice(place, place + count));
      }
      return Uint8Array.from(octets);
    });
}
