/** Sections of RFC 5024 by their last number: `5.3` holds 5.3.1 to 5.3.18. Read off the headings of the RFC. */
const LAST: Readonly<Record<string, number>> = {
  '': 12,
  '1': 7,
  '1.5': 4,
  '2': 4,
  '2.2': 4,
  '3': 5,
  '3.2': 1,
  '3.3': 6,
  '3.3.4': 2,
  '3.4': 4,
  '3.5': 3,
  '4': 7,
  '4.2': 4,
  '4.3': 8,
  '4.4': 1,
  '4.6': 1,
  '4.7': 3,
  '5': 4,
  '5.1': 2,
  '5.3': 18,
  '6': 5,
  '7': 3,
  '8': 2,
  '9': 13,
  '9.8': 3,
  '9.9': 3,
  '9.10': 3,
  '9.11': 3,
  '9.12': 3,
  '10': 4,
};

/** Whether RFC 5024 has a section of this number. */
export function isRfc5024Section(number: string): boolean {
  const parent = number.split('.').slice(0, -1).join('.');
  const last = Number(number.split('.').at(-1));
  return last >= 1 && last <= (LAST[parent] ?? 0);
}
