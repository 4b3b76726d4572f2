import { usages, type Usage } from '@certlane/contracts';
import { invalid } from './invalid.js';

/** The values of `--usage`, for its help. */
export const USAGE_CHOICES = `all, or some of ${usages.join(', ')}, comma-separated`;

/**
 * `--usage`: `all`, one usage, a comma-separated list, or the option several times.
 * @throws {CertlaneError} `invalid-argument` for a word that is no usage, or none at all
 */
export function usagesFrom(given: readonly string[], field = '--usage'): Usage[] {
  const words = given.flatMap((text) => text.split(',')).map((word) => word.trim().toLowerCase());
  for (const word of words) {
    if (word !== 'all' && !usages.some((usage) => usage === word)) {
      throw invalid(field, word, `choose all, or some of ${usages.join(', ')}`);
    }
  }
  if (words.length === 0) throw invalid(field, undefined, `say what for: all, or some of ${usages.join(', ')}`);
  return usages.filter((usage) => words.includes('all') || words.includes(usage));
}

/** For commander: collects an option that may be given several times. */
export function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}
