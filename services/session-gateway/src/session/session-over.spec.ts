import { describe, expect, it } from '@jest/globals';
import { EsidReason, type Indication } from '@certlane/oftp2';
import { endOf } from './session-over.js';

type Abort = Extract<Indication, { primitive: 'F_ABORT_IND' }>;
const abort = (how: Abort['how'], reason: EsidReason, text = ''): Indication => ({
  primitive: 'F_ABORT_IND',
  origin: how === 'esid-received' ? 'remote' : 'local',
  how,
  reason,
  text,
});

describe('endOf', () => {
  it('does not take anything else for the end', () => {
    expect(endOf({ primitive: 'F_RTR_CF' })).toBeUndefined();
  });

  it.each<[what: string, indication: Indication, end: object]>([
    ['the normal end', { primitive: 'F_RELEASE_IND' }, { outcome: 'completed', esid: 0, by: 'peer' }],
    [
      'our refusal of a wrong code',
      abort('esid-sent', EsidReason.userCodeNotKnown),
      { outcome: 'refused', esid: 3, by: 'us' },
    ],
    [
      'our time-out',
      abort('esid-sent', EsidReason.timeOut, 'no SSID'),
      { outcome: 'failed', esid: 9, by: 'us', message: 'no SSID' },
    ],
    [
      'their refusal',
      abort('esid-received', EsidReason.invalidPassword, 'Nope'),
      { outcome: 'refused', esid: 4, by: 'peer', message: 'Invalid password: Nope' },
    ],
    [
      'their failure',
      abort('esid-received', EsidReason.resourcesNotAvailable),
      { outcome: 'failed', esid: 8, by: 'peer', message: 'the partner ended the session: Resources not available' },
    ],
    ['a lost line', abort('disconnected', EsidReason.unspecified), { outcome: 'broken', by: 'network' }],
    ['a reset', abort('reset', EsidReason.unspecified), { outcome: 'broken', by: 'network' }],
    [
      'another protocol',
      abort('closed', EsidReason.unspecified, 'HTTP'),
      { outcome: 'failed', by: 'us', message: 'HTTP' },
    ],
  ])('says what became of a session by %s', (_what, indication, end) => {
    expect(endOf(indication)).toMatchObject(end);
  });

  it('takes control characters out of what a peer wrote', () => {
    expect(endOf(abort('esid-received', EsidReason.unspecified, 'a\u001b[2Jb'))?.message).toBe(
      'Unspecified reason: a[2Jb',
    );
  });
});
