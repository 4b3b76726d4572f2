import { describe, expect, it } from '@jest/globals';
import type { CommandNamed } from './command.js';
import { describeCommand } from './describe.js';
import { goldenVector } from './testing/golden-vectors.js';

describe('describeCommand', () => {
  it('shows everything of an SSID but the password', () => {
    expect(describeCommand(goldenVector('ssid-initiator').command)).toEqual({
      command: 'SSID',
      SSIDLEV: 5,
      SSIDCODE: 'O0013ACMEPARTS     PLANT1',
      SSIDPSWD: 'not shown',
      SSIDSDEB: 4097,
      SSIDSR: 'S',
      SSIDCMPR: 'Y',
      SSIDREST: 'N',
      SSIDSPEC: 'N',
      SSIDCRED: 64,
      SSIDAUTH: 'Y',
      SSIDUSER: 'USER-52',
    });
  });

  it.each([
    ['auch', { command: 'AUCH', AUCHCHAL: '304 octets' }],
    ['aurp', { command: 'AURP', AURPRSP: '20 octets' }],
    ['data', { command: 'DATA', payload: '7 octets' }],
    ['efid', { command: 'EFID', EFIDRCNT: '12345678', EFIDUCNT: '99999999999999999' }],
    ['cd', { command: 'CD' }],
  ])('shows no content of %s', (name, shown) => {
    expect(describeCommand(goldenVector(name).command)).toEqual(shown);
  });

  it('shows a digest whole, a long signature by its length', () => {
    const eerp = goldenVector('eerp-signed').command as CommandNamed<'EERP'>;
    expect(describeCommand({ ...eerp, EERPSIG: new Uint8Array(1083) })).toMatchObject({
      EERPHSH: Buffer.from(eerp.EERPHSH).toString('hex'),
      EERPSIG: '1083 octets',
    });
  });

  it('strips control characters from what the peer sent', () => {
    const esid = goldenVector('esid').command as CommandNamed<'ESID'>;
    expect(describeCommand({ ...esid, ESIDREAST: 'a\u001b[31mb\r\nforged line' })).toMatchObject({
      ESIDREAST: 'a[31mbforged line',
    });
  });
});
