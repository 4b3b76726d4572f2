import type { Usage } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aCertificate, ALL, aPartner, aStation, aTakeOver, day } from '../testing/records.js';
import { hasAuthenticationCertificate } from './bypass.js';
import { certificateOf } from './filing.js';
import { addByHand, removeByHand } from './hand-filing.js';
import { LIMITS, type PartnerRecord } from './records.js';
import { lineOf, resolveTheirs, resolveUsages, stateOf } from './resolver.js';
import { takeOver, type TakeOver } from './take-over.js';
import { phaseAt } from './usage-line.js';

/** So many certificates that the file overflows in longer histories. */
const POOL = Array.from({ length: 90 }, (_, n) => {
  const from = ((n * 37) % 120) - 60;
  return aCertificate(`c${n}`, from, from + 5 + ((n * 53) % 90));
});

const certificate = fc.constantFrom(...POOL);
const someUsages = fc.subarray([...ALL], { minLength: 1 });
const kind = fc.constantFrom('deliver' as const, 'request' as const, 'replace' as const);

type Step =
  | {
      readonly do: 'take-over';
      readonly asked: Omit<TakeOver, 'predecessors'>;
      readonly predecessors: readonly number[];
    }
  | { readonly do: 'add'; readonly certificate: (typeof POOL)[number]; readonly usages: readonly Usage[] }
  | { readonly do: 'remove'; readonly index: number }
  | { readonly do: 'wait'; readonly days: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('take-over' as const),
      asked: fc.record({ exchange: fc.uuid(), kind, certificate, usages: someUsages }),
      predecessors: fc.array(fc.nat(200), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), certificate, usages: someUsages }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), index: fc.nat(200) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 9 }) }) },
);

const fingerprintAt = (partner: PartnerRecord, index: number): string | undefined =>
  partner.certificates[index % Math.max(1, partner.certificates.length)]?.fingerprint;

/** One step as the service does it: what the domain refuses leaves everything as it was. */
function perform(partner: PartnerRecord, now: number, next: Step): PartnerRecord {
  try {
    if (next.do === 'add') return addByHand(partner, next.certificate, next.usages, day(now)).record;
    if (next.do === 'remove') return removeByHand(partner, fingerprintAt(partner, next.index) ?? '', day(now)).record;
    if (next.do === 'take-over') return takeOver(partner, completed(partner, next), day(now)).record;
    return partner;
  } catch (error) {
    expect(error).toMatchObject({ name: 'CertlaneError' });
    return partner;
  }
}

function completed(partner: PartnerRecord, { asked, predecessors }: Extract<Step, { do: 'take-over' }>): TakeOver {
  const own = asked.certificate.summary.fingerprint;
  const named = predecessors.map((index) => fingerprintAt(partner, index)).filter((one) => one !== undefined);
  return { ...asked, predecessors: [...new Set(named)].filter((one) => one !== own) };
}

/** Runs a history and looks at every state it goes through. */
function walk(
  steps: readonly Step[],
  look: (before: PartnerRecord, after: PartnerRecord, now: number, done: Step) => void,
) {
  let partner = aPartner();
  let now = 0;
  for (const next of steps) {
    if (next.do === 'wait') now += next.days;
    const after = perform(partner, now, next);
    look(partner, after, now, next);
    partner = after;
  }
}

const histories = (length: number) => fc.array(step, { maxLength: length, size: 'max' });

describe('whatever happens to a partner', () => {
  it('each usage has one current certificate at most, and nothing expired, recalled or scheduled is accepted', () => {
    fc.assert(
      fc.property(histories(40), (steps) => {
        walk(steps, (_before, after, now) => {
          for (const usage of ALL) {
            const { current, accepted, scheduled } = resolveTheirs(after, usage, day(now));
            const good = [...(current === undefined ? [] : [current]), ...accepted];
            expect(new Set(good).size).toBe(good.length);
            for (const one of good) {
              expect(one.replaced).toBeUndefined();
              expect(phaseAt(one, day(now))).toBe('valid');
              expect(one.usages).toContain(usage);
            }
            expect(scheduled.every((one) => phaseAt(one, day(now)) === 'scheduled')).toBe(true);
            if (accepted.length > 0) expect(current).toBeDefined();
          }
        });
      }),
    );
  });

  it('every certificate that was not recalled stands once in the line of each usage it serves, others in none', () => {
    fc.assert(
      fc.property(histories(40), (steps) => {
        walk(steps, (_before, after) => {
          for (const usage of ALL) {
            const serving = after.certificates.filter(
              (one) => one.usages.includes(usage) && one.replaced === undefined,
            );
            expect(
              lineOf(after, usage)
                .map(({ fingerprint }) => fingerprint)
                .sort(),
            ).toEqual(serving.map(({ fingerprint }) => fingerprint).sort());
            expect(after.lines[usage]?.length ?? 0).toBe(serving.length);
          }
        });
      }),
    );
  });

  it('the bypass, once closed, is opened by an operator taking the last certificate away and by nothing else', () => {
    fc.assert(
      fc.property(histories(150), (steps) => {
        walk(steps, (before, after, _now, done) => {
          if (done.do === 'remove') return;
          if (hasAuthenticationCertificate(before)) expect(hasAuthenticationCertificate(after)).toBe(true);
        });
      }),
      { numRuns: 40 },
    );
  });

  it('a recalled certificate stays so until an operator takes it off file or it makes room', () => {
    fc.assert(
      fc.property(histories(40), (steps) => {
        walk(steps, (before, after, now, done) => {
          if (done.do === 'remove') return;
          for (const one of before.certificates.filter(({ replaced }) => replaced !== undefined)) {
            const still = certificateOf(after, one.fingerprint);
            if (still !== undefined) expect(stateOf(after, still, day(now))).toBe('replaced');
          }
        });
      }),
    );
  });

  it('the file never holds more than it may, and what is in use never makes room', () => {
    fc.assert(
      fc.property(histories(200), (steps) => {
        walk(steps, (before, after, now, done) => {
          expect(after.certificates.length).toBeLessThanOrEqual(LIMITS.partnerCertificates);
          if (done.do !== 'take-over' || done.asked.kind === 'replace') return;
          const gone = before.certificates.filter(({ fingerprint }) => certificateOf(after, fingerprint) === undefined);
          for (const one of gone) expect(['expired', 'replaced']).toContain(stateOf(before, one, day(now)));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('a deliver never makes a certificate current that is older than the one that was', () => {
    fc.assert(
      fc.property(histories(60), (steps) => {
        walk(steps, (before, after, now, done) => {
          if (done.do !== 'take-over' || done.asked.kind === 'replace') return;
          for (const usage of ALL) {
            const was = resolveTheirs(before, usage, day(now)).current;
            const is = resolveTheirs(after, usage, day(now)).current;
            if (was !== undefined)
              expect(Date.parse(is?.notBefore ?? '')).toBeGreaterThanOrEqual(Date.parse(was.notBefore));
          }
        });
      }),
    );
  });

  it('a take-over a second time changes nothing and tells nothing', () => {
    fc.assert(
      fc.property(histories(40), (steps) => {
        walk(steps, (before, after, now, done) => {
          if (done.do !== 'take-over' || after === before) return;
          const asked = completed(before, done);
          expect(takeOver(after, asked, day(now))).toEqual({ record: after, facts: [] });
          expect(takeOver(after, { ...asked, exchange: 'sent anew' }, day(now)).record).toBe(after);
        });
      }),
    );
  });
});

it('in whatever order certificates are delivered, the same ones serve at any time', () => {
  const distinct = fc.uniqueArray(fc.integer({ min: -60, max: 60 }), { minLength: 2, maxLength: 8 });
  const delivered = distinct.chain((starts) => {
    const certificates = starts.map((from, n) => aCertificate(`d${n}`, from, 70 + n));
    return fc.record({
      one: fc.shuffledSubarray(certificates, { minLength: certificates.length }),
      other: fc.shuffledSubarray(certificates, { minLength: certificates.length }),
      at: fc.integer({ min: 0, max: 80 }),
    });
  });
  const file = (certificates: readonly ReturnType<typeof aCertificate>[]) =>
    certificates.reduce((partner, one) => takeOver(partner, aTakeOver(one), day(0)).record, aPartner());
  fc.assert(
    fc.property(delivered, ({ one, other, at }) => {
      expect(resolveUsages(file(one), aStation(), day(at))).toEqual(resolveUsages(file(other), aStation(), day(at)));
    }),
  );
});
