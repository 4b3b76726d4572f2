/** Gives a whole number from 0 to below a bound. */
export type Numbers = (below: number) => number;

/** Numbers that look random and are the same for the same seed (xorshift, 32 bits). */
export function numbers(seed: number): Numbers {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Where a run begins: `FUZZ_SEED` repeats one that failed. */
export const fuzzSeed = (): number => Number(process.env['FUZZ_SEED'] ?? Date.now() & 0x7fffffff);
