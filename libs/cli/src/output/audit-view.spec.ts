import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@certlane/contracts';
import { fingerprint } from '../testing/records.js';
import { auditDetails, auditLine, verificationView } from './audit-view.js';
import { styleFor } from './style.js';

const plain = styleFor(false);
const entry = (parts: Partial<AuditEntry> = {}): AuditEntry => ({
  service: 'partner-registry',
  number: 12,
  at: '2026-11-23T17:30:05.123Z',
  actor: 'operator:anna',
  act: 'certificate.take-over',
  phase: 'done',
  about: { station: 'O0013ACME', partner: 'O0177BETA', exchange: 'in-1', certificate: fingerprint('a') },
  serialNumbers: ['0a'],
  previous: fingerprint('0'),
  hash: fingerprint('1'),
  ...parts,
});

describe('an entry of the audit', () => {
  it.each<[string, Partial<AuditEntry>, string]>([
    [
      'all there is to know',
      { intent: 11, reason: 'key\u001b lost' },
      '2026-11-23 17:30:05Z  partner-registry      12  done      certificate.take-over     operator:anna: O0177BETA of O0013ACME, exchange in-1, certificate aaaaaaaaaaaa, serial 0a: key? lost (closes 11)',
    ],
    [
      'what is about nobody',
      { service: 'ca-store', phase: 'intended', act: 'trust-list.add', about: {}, serialNumbers: [] },
      '2026-11-23 17:30:05Z  ca-store              12  intended  trust-list.add            operator:anna: -',
    ],
    [
      'many certificates by a few',
      { about: { issuer: fingerprint('b'), list: 'odette' }, serialNumbers: ['1', '2', '3', '4', '5'] },
      '2026-11-23 17:30:05Z  partner-registry      12  done      certificate.take-over     operator:anna: issuer bbbbbbbbbbbb, list odette, serial 1, 2, 3 and 2 more',
    ],
    [
      'an approval by its exchange, once',
      { about: { exchange: 'in-1', approval: 'in-1' }, serialNumbers: [], phase: 'failed', reason: 'no' },
      '2026-11-23 17:30:05Z  partner-registry      12  failed    certificate.take-over     operator:anna: exchange in-1: no',
    ],
  ])('tells %s in a line', (_what, parts, line) => {
    expect(auditLine(plain, entry(parts))).toBe(line);
  });

  it('shows what was there before and after below it', () => {
    expect(auditDetails(plain, entry({ before: { acx: false }, after: { acx: '\u0007' } }))).toBe(
      '    before {"acx":false}\n    after  {"acx":"\\u0007"}',
    );
    expect(auditDetails(plain, entry())).toBe('');
  });
});

describe('the verification of the audit', () => {
  const head = { number: 12, hash: fingerprint('1') };

  it('says of each trail whether it is whole, and where it is not', () => {
    const broken = { number: 13, fault: 'altered', message: 'its hash does not fit its content' } as const;
    const view = verificationView(plain, [
      { service: 'partner-registry', entries: 12, ok: true, open: [], head },
      { service: 'ca-store', entries: 12, ok: false, open: [], head, broken },
      { service: 'cert-exchange', entries: 0, ok: true, open: [] },
    ]);
    const [table = '', warning] = view.split('\n\n');
    expect(warning).toMatch(/^Somebody has changed the store past the service, or it is damaged: /);
    expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['SERVICE', 'GOOD ENTRIES', 'WHOLE', 'FIRST BROKEN', 'OPEN', 'LAST GOOD ENTRY'],
      ['partner-registry', '12', 'yes', '-', '-', `12.${fingerprint('1')}`],
      ['ca-store', '12', 'no', 'entry 13, altered: its hash does not fit its content', '-', `12.${fingerprint('1')}`],
      ['cert-exchange', '0', 'yes', '-', '-', '-'],
    ]);
  });

  it('names acts of which nobody knows the end', () => {
    const intent = { number: 9, at: '2026-11-23T17:30:05Z', actor: 'operator:anna', act: 'bypass.reopen' };
    const open = [{ ...intent, about: { partner: 'O0177BETA', station: 'O0013ACME' } }];
    const view = verificationView(plain, [{ service: 'partner-registry', entries: 12, ok: true, open, head }]);
    expect(view).toContain('Acts of which nobody knows the end\n  2026-11-23 17:30:05Z  partner-registry 9  ');
    expect(view).toContain('bypass.reopen by operator:anna: O0177BETA of O0013ACME');
  });
});
