import { z } from 'zod';
import { invalid } from './invalid.js';

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/**
 * IP addresses and ranges, as an option that may be given several times, each with commas between; `none` for none.
 * @returns each once, a single address as it is
 * @throws {CertlaneError} `invalid-argument`
 */
export function networksFrom(given: readonly string[], field: string, none = 'none'): string[] {
  const words = given.flatMap((text) => text.split(',')).map((word) => word.trim());
  if (words.length === 1 && words[0] === none) return [];
  for (const word of words) {
    if (word === none) throw invalid(field, word, `${none} stands alone; leave it out, or the addresses`);
    if (!network.safeParse(word).success) {
      throw invalid(field, word, `give an IP address, a range such as 192.0.2.0/24, or ${none}`);
    }
  }
  return [...new Set(words)];
}
