import { describe, expect, it } from '@jest/globals';
import { decision, fingerprint, verdict } from '../testing/records.js';
import { decisionView } from './decision-view.js';
import { styleFor } from './style.js';

const plain = styleFor(false);
const rows = (text: string): string[][] => text.split('\n').map((line) => line.trim().split(/ {2,}/));

describe('a decision', () => {
  it('is shown whole: outcome, who and when, match, checks, what they stood on, and the verdict', () => {
    const view = decisionView(
      plain,
      decision({
        by: 'operator:anna',
        note: 'compared by telephone',
        match: {
          by: 'entry',
          entries: ['e1'],
          usages: ['tls', 'session-authentication'],
          predecessors: [fingerprint('p')],
          message: 'the subject fits',
        },
        inputs: {
          ...decision().inputs,
          description: 'CN=old\u0007',
          inBypass: true,
          onFile: [{ fingerprint: fingerprint('p'), state: 'current' }],
        },
        validation: verdict(),
      }),
      new Map([[fingerprint('a'), 'CN=oftp.beta.example']]),
    );
    expect(rows(view)).toEqual(
      expect.arrayContaining([
        ['Outcome', 'accepted'],
        ['Because', 'taken over'],
        ['Decided', '2026-11-23 12:00Z by operator:anna'],
        ['Note', 'compared by telephone'],
        ['Known by', 'identification entry: the subject fits'],
        ['Identification entries', 'e1'],
        ['For', 'tls, session-authentication'],
        ['Follows', 'pppppppppppp'],
        ['yes', 'readable', 'one certificate'],
        ['Description (SFIDDESC)', 'CN=old?'],
        ['Came in the bypass', 'yes'],
        ['Identification data', '1 entry'],
        ['Revision of the partner', '7'],
        ['pppppppppppp', 'current'],
        ['Verdict', 'trusted'],
        ['Stands on', 'version 12'],
        ['Path', 'CN=oftp.beta.example', '←', 'bbbbbbbbbbbb', '←', 'cccccccccccc'],
      ]),
    );
  });

  it.each([
    [{ outcome: 'refused', reason: 'revoked' }, 'refused (revoked)'],
    [{ outcome: 'held', reason: 'ambiguous' }, 'held (ambiguous): waits for a person'],
    [{ outcome: 'held' }, 'held: waits for a person'],
  ] as const)('%j stands out as such', (parts, words) => {
    expect(rows(decisionView(plain, decision(parts)))[0]).toEqual(['Outcome', words]);
  });

  it('without a match and a verdict says nothing of either', () => {
    expect(decisionView(plain, decision())).not.toMatch(/Known by|ca-store/);
  });
});
