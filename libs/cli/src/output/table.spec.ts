import { describe, expect, it } from '@jest/globals';
import { printable, styleFor, visibleWidth } from './style.js';
import { indented, pairs, table } from './table.js';

const plain = styleFor(false);
const coloured = styleFor(true);

describe('tables', () => {
  it('align columns by what is seen, colours left out, and end without blanks', () => {
    const rows = [
      [coloured.good('ab'), 'x'],
      ['Ünïcode', ''],
    ];
    const lines = table(coloured, ['A', 'LONG'], rows, 'none').split('\n');
    // eslint-disable-next-line no-control-regex -- SGR sequences start with ESC
    expect(lines.map((line) => line.replace(/\u001b\[\d+m/g, ''))).toEqual(['A        LONG', 'ab       x', 'Ünïcode']);
  });

  it('say what there is not', () => {
    expect(table(plain, ['A'], [], 'no partner yet')).toBe('no partner yet');
  });

  it('align the values of pairs and indent whole blocks', () => {
    expect(
      pairs(plain, [
        ['Name', 'x'],
        ['Longer', 'y'],
      ]),
    ).toBe('Name    x\nLonger  y');
    expect(indented('a\n\nb')).toBe('  a\n\n  b');
  });
});

describe('texts from outside', () => {
  it('cannot command the terminal', () => {
    expect(printable('CN=\u001b[31mred\u0007\n\u009b1m')).toBe('CN=?[31mred???1m');
  });

  it('are as wide as they are seen', () => {
    expect(visibleWidth('\u001b[31mred\u001b[0m')).toBe(3);
    expect(visibleWidth('Ä✓')).toBe(2);
  });
});
