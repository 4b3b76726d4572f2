import { describe, expect, it } from '@jest/globals';
import { choiceFrom, hostFrom, numberFrom, odetteIdFrom, portFrom } from './values.js';

describe('values on the command line', () => {
  it.each(['O0013000000ACME', 'O0177BETA', 'O(1)&A/B-C.D', 'A B', 'A'.repeat(25)])('takes the Odette ID %j', (id) => {
    expect(odetteIdFrom(id, '--id')).toBe(id);
  });

  it.each([
    ['', 'an Odette ID has 1 to 25 characters'],
    ['A'.repeat(26), 'an Odette ID has 25 characters at most'],
    ['o0013acme', 'an Odette ID holds A-Z, 0-9, / - . & ( ) and inner blanks only'],
    ['O0013_ACME', 'an Odette ID holds A-Z, 0-9, / - . & ( ) and inner blanks only'],
    ['O0013ÄCME', 'an Odette ID holds A-Z, 0-9, / - . & ( ) and inner blanks only'],
    [' O0013', 'an Odette ID neither starts nor ends with a blank'],
  ])('refuses the Odette ID %j and names field, value and remedy', (id, problem) => {
    expect(() => odetteIdFrom(id, '--id')).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `--id is '${id}': ${problem}; write it as agreed, e.g. O0013000000ACME`,
        details: { field: '--id' },
      }),
    );
  });

  it.each([
    ['1', 1],
    ['6619', 6619],
    ['65535', 65535],
  ])('takes the port %s', (text, port) => {
    expect(portFrom(text, '--port')).toBe(port);
  });

  it.each(['0', '65536', '-1', '66.19', '0x10', '', 'https', '1e3'])('refuses the port %j', (text) => {
    expect(() => portFrom(text, '--port')).toThrow(`--port is '${text}': a port is a number from 1 to 65535`);
  });

  it.each(['oftp.acme.example', '192.0.2.7', '2001:db8::7', '::1', 'localhost'])('takes the host %s', (host) => {
    expect(hostFrom(host, '--host')).toBe(host);
  });

  it.each(['', 'https://oftp.acme.example', 'a b', 'oftp.acme.example/', '-x'])('refuses the host %j', (host) => {
    expect(() => hostFrom(host, '--host')).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });

  it('names the bounds of a number and the words of a choice', () => {
    expect(numberFrom('30', '--days', 1, 3650)).toBe(30);
    expect(() => numberFrom('3651', '--days', 1, 3650)).toThrow(
      "--days is '3651': a whole number from 1 to 3650 is wanted",
    );
    expect(choiceFrom('b', '--x', ['a', 'b'])).toBe('b');
    expect(() => choiceFrom('c', '--x', ['a', 'b'])).toThrow("--x is 'c': choose one of a, b");
  });
});
