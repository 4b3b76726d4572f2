import { describe, expect, it } from '@jest/globals';
import { CertlaneError } from '@certlane/contracts';
import { inOptions } from './option-names.js';

const refusal = (field: string, message: string) =>
  new CertlaneError('invalid-argument', message, { details: { field } });

describe('a refusal of a service', () => {
  it.each([
    ['password', 'password: Not this one.', '--password: not this one'],
    ['connection.port', 'connection.port: a port is 1 to 65535', '--port: a port is 1 to 65535'],
    ['station', 'there is no station', '--station: there is no station'],
    ['secret', 'secret: PKCS#12 is broken.', "FILE is 'a.p12': PKCS#12 is broken; try another"],
  ])('about %s is said in the words of the command line', (field, message, said) => {
    const written = { secret: { option: 'FILE', value: 'a.p12', remedy: 'try another' } };
    expect(inOptions(refusal(field, message), written)).toMatchObject({ code: 'invalid-argument', message: said });
  });

  it('about something else stays as it is', () => {
    for (const thrown of [
      refusal('revision', 'revision: old'),
      new CertlaneError('conflict', 'x'),
      new TypeError('y'),
    ]) {
      expect(inOptions(thrown)).toBe(thrown);
    }
  });
});
