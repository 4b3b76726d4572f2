const FIRST_PAUSE_MILLISECONDS = 5_000;
const LONGEST_PAUSE_MILLISECONDS = 3_600_000;

/**
 * How long to wait before something that failed so many times in a row is tried again: doubling, an hour at the most.
 * @param failures 1 after the first failure
 */
export function pauseAfter(failures: number): number {
  return Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** (failures - 1), LONGEST_PAUSE_MILLISECONDS);
}
