import { describe, expect, it } from '@jest/globals';
import { approvalKinds, type Approval } from '@certlane/contracts';
import { decision, summary } from '../testing/records.js';
import { approvalTable, approvalView, remedies } from './approval-view.js';
import { styleFor } from './style.js';

const plain = styleFor(false);
const approval = (parts: Partial<Approval> = {}): Approval => ({
  id: 'in-1',
  station: 'O0013ACME',
  partner: 'O0177BETA',
  kind: 'ambiguous',
  exchange: 'deliver',
  certificate: summary('a', 'CN=oftp.beta.example\u001b'),
  message: 'two entries fit equally well',
  since: '2026-11-23T12:00:00Z',
  entries: ['e1', 'e2'],
  excluded: [],
  ...parts,
});

describe('what waits for a person', () => {
  it('is listed with why, since when, and about what', () => {
    const [, row = ''] = approvalTable(plain, [approval()]).split('\n');
    expect(row.split(/ {2,}/)).toEqual([
      'in-1',
      '2026-11-23 12:00Z',
      'O0177BETA',
      'deliver',
      'aaaaaaaaaaaa',
      'CN=oftp.beta.example?',
      'ambiguous',
      'two entries fit equally well',
      'a person decides',
    ]);
    expect(approvalTable(plain, [])).toBe('nothing waits for a person');
  });

  it('is shown with what can be done, who may not, and the decision so far', () => {
    const excluded = ['operator:anna'];
    const view = approvalView(plain, approval({ excluded }), decision({ outcome: 'held', reason: 'ambiguous' }));
    expect(view).toMatch(/^Not to accept it +operator:anna \(entered the identification data\)$/m);
    expect(view).toContain('  certlane approval accept in-1 --entry e1|e2  takes it over; the partner gets EERP');
    expect(view).toContain('  certlane approval reject in-1 --reason TEXT  does not; the partner gets NERP');
    expect(view).toMatch(/^ {2}Outcome +held \(ambiguous\): waits for a person$/m);
    expect(approvalView(plain, approval(), decision())).not.toContain('Not to accept it');
  });

  const said = { by: 'operator:anna', at: '2026-11-23T13:00:00Z' };
  it.each<[string, Approval['decided'], RegExp[]]>([
    [
      'a yes that the partner has no answer to yet',
      { ...said, accept: true, note: 'telephoned', answer: 'eerp' },
      [
        /^Decided +accepted by operator:anna on 2026-11-23 13:00Z$/m,
        /^Note +telephoned$/m,
        /^Next +EERP goes out in the next session$/m,
      ],
    ],
    [
      'a no that the partner has no answer to yet',
      { ...said, accept: false, note: 'not\u0007 announced', answer: 'nerp' },
      [
        /^Decided +rejected by operator:anna on 2026-11-23 13:00Z$/m,
        /^Reason +not\? announced$/m,
        /^Next +NERP goes out in the next session$/m,
      ],
    ],
    [
      'a yes that could not be carried out yet',
      { ...said, accept: true },
      [/^Next +kept, and carried out by itself as soon as every service answers$/m],
    ],
  ])('(%s) says who decided what, when, and what comes next', (_what, decided, lines) => {
    const decidedOne = { ...approval(), ...(decided === undefined ? {} : { decided }) };
    const view = approvalView(plain, decidedOne, decision());
    for (const line of lines) expect(view).toMatch(line);
    expect(view).not.toContain('What can be done');
    const [, row = ''] = approvalTable(plain, [decidedOne]).split('\n');
    expect(row).toMatch(/ {2}(?:accepted|rejected) by operator:anna on 2026-11-23 13:00Z; (?:[EN]ERP goes out|kept)/);
  });

  it.each(approvalKinds)('(%s) has a way to be accepted and one to be rejected', (kind) => {
    const [accept, reject, ...more] = remedies(approval({ kind }));
    expect(accept).toMatch(/^certlane approval accept in-1/);
    expect(reject).toMatch(/^certlane approval reject in-1 --reason TEXT/);
    expect(more).toHaveLength(kind === 'revocation-undetermined' ? 1 : 0);
    if (kind === 'no-match') expect(accept).toContain('--usage USAGES [--follows CERTIFICATE]');
  });
});
