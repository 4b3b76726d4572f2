import { describe, expect, it } from '@jest/globals';
import type { AuditEntry } from '@certlane/contracts';
import { auditedServices, mergedByTime } from './audit-trails.js';

const entry = (service: AuditEntry['service'], number: number, second: number): AuditEntry => ({
  service,
  number,
  at: new Date(Date.UTC(2026, 10, 23, 12, 0, second)).toISOString(),
  actor: 'operator:anna',
  act: 'partner.add',
  phase: 'done',
  about: {},
  serialNumbers: [],
  previous: '0'.repeat(64),
  hash: '1'.repeat(64),
});

async function* trail(service: AuditEntry['service'], seconds: readonly number[]): AsyncGenerator<AuditEntry> {
  for (const [index, second] of seconds.entries()) yield await Promise.resolve(entry(service, index + 1, second));
}

describe('the audit trails of several services', () => {
  it('are those of the services that own documents', () => {
    expect(auditedServices).toEqual(['partner-registry', 'cert-exchange', 'ca-store']);
  });

  it.each<[string, number[], number[], number[], string]>([
    ['that alternate', [1, 4, 7], [2, 5], [3, 6], 'p1 c1 a1 p2 c2 a2 p3'],
    ['one of which is empty', [], [2, 5], [3], 'c1 a1 c2'],
    ['none of which has an entry', [], [], [], ''],
    ['of the same second, in the order of the services', [1, 1], [1], [1], 'p1 p2 c1 a1'],
  ])('%s are read as one, oldest first', async (_what, registry, exchange, store, order) => {
    const all = mergedByTime([
      trail('partner-registry', registry),
      trail('cert-exchange', exchange),
      trail('ca-store', store),
    ]);
    const seen: string[] = [];
    for await (const { service, number } of all)
      seen.push(`${service === 'ca-store' ? 'a' : (service[0] ?? '')}${number}`);
    expect(seen.join(' ')).toBe(order);
  });
});
