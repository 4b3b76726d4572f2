import { describe, expect, it } from '@jest/globals';
import { decodeCommand, encodeCommand, nerpReasons, type CommandNamed } from '@certlane/oftp2';
import {
  answerOfEndResponse,
  answerOfNegativeEndResponse,
  certificateFile,
  endResponse,
  identityOf,
  negativeEndResponse,
} from './virtual-file.js';

const file = {
  datasetName: 'ODETTE_CERTIFICATE_REQUEST',
  date: '00010203',
  time: '0405060007',
  originator: 'O0013ACME',
  destination: 'O0942BIGCAR',
};

describe('virtual files', () => {
  it('keep their identity through SFID, leading zeros included', () => {
    const sfid = certificateFile(file, 'I=x', 1_025);
    expect(sfid).toMatchObject({ SFIDFSIZ: 2, SFIDOSIZ: 2, SFIDDESC: 'I=x', SFIDSIGN: 'N', SFIDREST: 0n });
    const sent = decodeCommand(encodeCommand({ command: 'SFID', ...sfid })) as CommandNamed<'SFID'>;
    expect(identityOf(sent)).toEqual(file);
  });

  it('are answered by EERP on the way back: who sent the file receives it', () => {
    const response = endResponse({ kind: 'eerp', file });
    expect(response).toMatchObject({ EERPDEST: 'O0013ACME', EERPORIG: 'O0942BIGCAR' });
    const sent = decodeCommand(encodeCommand({ command: 'EERP', ...response })) as CommandNamed<'EERP'>;
    expect(answerOfEndResponse(sent)).toEqual({ kind: 'eerp', file });
  });

  it('are answered by NERP with reason, text and creator', () => {
    const answer = { kind: 'nerp', file, reason: 34, text: 'no such issuer', creator: 'O0001CENTRE' } as const;
    const response = negativeEndResponse(answer, 'O0942BIGCAR');
    expect(response).toMatchObject({ NERPDEST: 'O0013ACME', NERPORIG: 'O0942BIGCAR', NERPREAS: nerpReasons.of(34) });
    const sent = decodeCommand(encodeCommand({ command: 'NERP', ...response })) as CommandNamed<'NERP'>;
    expect(answerOfNegativeEndResponse(sent)).toEqual(answer);
  });

  it('are answered by NERP 99 of the station itself where the answer says no more', () => {
    expect(negativeEndResponse({ kind: 'nerp', file }, 'O0942BIGCAR')).toMatchObject({
      NERPREAS: nerpReasons.of(99),
      NERPREAST: '',
      NERPCREA: 'O0942BIGCAR',
    });
  });

  it('are refused with a reason text that always fits the command, whatever its language', () => {
    const response = negativeEndResponse({ kind: 'nerp', file, text: 'ß'.repeat(999) }, 'O0942BIGCAR');
    expect(Buffer.byteLength(response.NERPREAST)).toBeLessThanOrEqual(999);
    encodeCommand({ command: 'NERP', ...response });
  });
});
