/** The few ways a text stands out; each is the text itself where colours are off. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  /** Identification entries: what is expected, apart from what is on file. */
  readonly expected: (text: string) => string;
}

const CODES = { strong: 1, faint: 2, good: 32, warning: 33, bad: 31, expected: 35 } as const satisfies Record<
  keyof Style,
  number
>;

/** SGR sequences (ECMA-48 §8.3.117) or plain text. */
export function styleFor(colours: boolean): Style {
  const paint =
    (code: number) =>
    (text: string): string =>
      colours && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    strong: paint(CODES.strong),
    faint: paint(CODES.faint),
    good: paint(CODES.good),
    warning: paint(CODES.warning),
    bad: paint(CODES.bad),
    expected: paint(CODES.expected),
  };
}

/** Width on the screen: SGR sequences take none. */
export function visibleWidth(text: string): number {
  // eslint-disable-next-line no-control-regex -- SGR sequences start with ESC
  return Array.from(text.replace(/\u001b\[\d+m/g, '')).length;
}

/**
 * A text from outside as it may reach a terminal: control characters, which could move the cursor or set colours, become `?`.
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- exactly these are to be found
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
}
