/**
 * Runs work over and over, so many at once, for a while.
 * @returns how often it was done a second
 */
export async function ratePerSecond(
  work: () => Promise<unknown>,
  atOnce: number,
  milliseconds: number,
): Promise<number> {
  const began = performance.now();
  let done = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() - began < milliseconds) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (done * 1000) / (performance.now() - began);
}
