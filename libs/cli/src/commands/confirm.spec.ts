import { describe, expect, it } from '@jest/globals';
import { fakeTerminal } from '../testing/fake-terminal.js';
import { confirmed } from './confirm.js';
import { Context } from './context.js';

const consequence = {
  summary: '2 partners stand on it',
  concerned: ['O0177BETA: 1 entry', 'O0177GAMMA: 2 certificates'],
  question: 'Remove it all the same?',
};

describe('what cannot be taken back', () => {
  it.each(['y', 'Y', 'yes', ' Yes '])('is done when a person says %j', async (answer) => {
    const terminal = fakeTerminal({ answer });
    await confirmed(new Context(terminal, {}), undefined, consequence);
    expect(terminal.complaints).toEqual([
      '2 partners stand on it:\n  O0177BETA: 1 entry\n  O0177GAMMA: 2 certificates',
    ]);
    expect(terminal.questions).toEqual(['Remove it all the same? [y/N] ']);
  });

  it.each(['', 'n', 'no', 'yess'])('is not done when a person says %j', async (answer) => {
    const asked = confirmed(new Context(fakeTerminal({ answer }), {}), undefined, consequence);
    await expect(asked).rejects.toMatchObject({ code: 'failed-precondition', message: 'nothing was done' });
  });

  it('is done without a question when it was said beforehand', async () => {
    const terminal = fakeTerminal({ answer: 'n' });
    await confirmed(new Context(terminal, {}), true, consequence);
    expect([terminal.questions, terminal.complaints]).toEqual([[], []]);
  });

  it.each([
    ['where nobody looks on', fakeTerminal(), {}],
    ['for machines', fakeTerminal({ answer: 'y' }), { json: true }],
  ])('is not done %s, and whom it concerns is said', async (_where, terminal, options) => {
    await expect(confirmed(new Context(terminal, options), undefined, consequence)).rejects.toMatchObject({
      code: 'failed-precondition',
      message:
        '2 partners stand on it (O0177BETA: 1 entry; O0177GAMMA: 2 certificates): nothing was done; give --yes if it is to be',
      details: { field: '--yes' },
    });
    expect(terminal.questions).toEqual([]);
  });

  it('names a few of many', async () => {
    const concerned = Array.from({ length: 500 }, (_, index) => `P${index}`);
    const asked = confirmed(new Context(fakeTerminal(), {}), undefined, { ...consequence, concerned });
    await expect(asked).rejects.toThrow('P11; and 488 more): nothing was done');
  });
});
