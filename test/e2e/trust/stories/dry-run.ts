import { beforeAll, describe, expect, it } from '@jest/globals';
import type { DecisionRecord, Exchange, Usage } from '@certlane/contracts';
import type { TestIdentity } from '@certlane/pki/testing';
import type { InteroperabilitySet } from '../../../support/interoperability/interoperability-set.js';
import type { Label } from '../../../support/interoperability/roles.js';
import { auditOf } from '../audit-of.js';
import { Relation } from '../relation.js';
import type { TwoCompanies } from '../two-companies.js';

interface Told {
  readonly decision: DecisionRecord;
  readonly answer?: { readonly kind: 'eerp' | 'nerp'; readonly text?: string };
}

interface Case {
  readonly what: string;
  readonly status: number;
  readonly outcome: DecisionRecord['outcome'];
  readonly kind: 'deliver' | 'replace';
  readonly made: (set: InteroperabilitySet) => TestIdentity;
  /** What A uses it for, and so the certificate that SFIDDESC names. */
  readonly uses: readonly Usage[];
}

const asCa01 = (set: InteroperabilitySet) => {
  const { subject, keyUsage, extendedKeyUsage } = set.member('CA01').certificate;
  return { subject, keyUsage: keyUsage?.flags ?? 'none', extendedKeyUsage: extendedKeyUsage ?? 'none' } as const;
};

/** What A uses from the beginning, and what B knows nothing about. */
const KNOWN = ['session-authentication', 'file-encryption'] as const;
const OTHER = ['file-signature'] as const;

/** In this order: each stands on what the ones before have left. */
const CASES: readonly Case[] = [
  {
    what: 'the same again',
    status: 0,
    outcome: 'accepted',
    kind: 'deliver',
    uses: KNOWN,
    made: (set) => set.member('CA01'),
  },
  {
    what: 'a renewal',
    status: 0,
    outcome: 'accepted',
    kind: 'deliver',
    uses: KNOWN,
    made: (set) => set.member('CA02'),
  },
  {
    what: 'a stranger',
    status: 11,
    outcome: 'held',
    kind: 'deliver',
    uses: OTHER,
    made: (set) => set.member('CA04'),
  },
  {
    what: 'one of an authority outside of the list',
    status: 10,
    outcome: 'refused',
    kind: 'deliver',
    uses: KNOWN,
    made: (set) => set.issue('outside', asCa01(set)),
  },
  {
    what: 'one of the root above the listed authority',
    status: 10,
    outcome: 'refused',
    kind: 'replace',
    uses: KNOWN,
    made: (set) => set.issue('A-root', asCa01(set)),
  },
  {
    what: 'another subject that names what it follows',
    status: 0,
    outcome: 'accepted',
    kind: 'replace',
    uses: KNOWN,
    made: (set) => set.member('CA13'),
  },
];

/** `certlane decide`: what would become of a file, told before it comes. */
export function dryRun(two: () => TwoCompanies): void {
  describe('a dry run', () => {
    let a: Relation['a'];
    let b: Relation['b'];
    beforeAll(async () => {
      await two().followTheTrustList();
      ({ a, b } = await Relation.acquaint(two(), { name: 'DRYRUN', ours: [['CA01', KNOWN]] }));
    });

    it.each(CASES)('of $what tells what then happens, and changes nothing', async (row) => {
      const { set } = two();
      const { kind, outcome, status } = row;
      const identity = row.made(set);
      const follows =
        row.uses === KNOWN ? set.member((await a.serving('session-authentication')).ours as Label) : undefined;
      const same = follows?.certificate.fingerprint === identity.certificate.fingerprint;
      const description = follows === undefined || same ? '' : follows.clid;
      const file = await two().b.write('dry-run.der', identity.certificate.der);
      const words = ['--partner', b.other, '--certificate', file, '--kind', kind, '--description', description];
      const before = await everything(two(), b);
      const ran = await two().b.run('anna', '--json', 'decide', ...words);
      expect(ran).toMatchObject({ status, err: '' });
      const told = JSON.parse(ran.out) as Told;
      expect(told.decision.outcome).toBe(outcome);
      expect(await everything(two(), b)).toEqual(before);

      await a.use(identity, row.uses);
      const sent = await a.send(kind, identity);
      expect(sent.description ?? '').toBe(description);
      const happened = await b.received(sent, 'accepted', 'refused', 'held');
      expect(decided(happened.decision)).toEqual(decided(told.decision));
      if (told.answer === undefined) return;
      const state = told.answer.kind === 'eerp' ? 'acknowledged' : 'rejected';
      const answered: Exchange = await a.becomes(sent.id, state);
      expect(answered.state).toBe(state);
      expect(answered.message).toContain(told.answer.text ?? '');
    });
  });
}

/** What of a decision does not depend on when it was made. */
function decided(decision: DecisionRecord | undefined) {
  if (decision === undefined) return undefined;
  const { outcome, reason, message, checks, match, by } = decision;
  return { outcome, reason, message, checks, match, by };
}

/** Whatever a dry run could have left behind, in the words of the command line; what a review adds meanwhile is left out. */
async function everything({ b: company }: TwoCompanies, b: Relation['b']): Promise<unknown> {
  const shown = await Promise.all(
    [
      ['exchange', 'list', '--partner', b.other],
      ['approval', 'list', '--partner', b.other],
    ].map((words) => company.ok(...words)),
  );
  const { revision: _revision, certificates, ...partner } = await company.operator.partner(b.ref);
  const onFile = certificates.map(({ standing: _standing, ...certificate }) => certificate);
  // The session before may end only now.
  const events = (await company.operator.events(b.other)).filter(({ type }) => !type.includes('.session.'));
  return [partner, onFile, ...shown, events, await auditOf(company, b.other)];
}
