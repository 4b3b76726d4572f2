import { CertlaneError, type ValidationVerdict } from '@certlane/contracts';
import { AuditTrail, createLogger, createMessages, type DocumentStore } from '@certlane/runtime';
import { countingIds, fixedClock, memoryStore, type FixedClock, type MemoryRecords } from '@certlane/runtime/testing';
import { DocumentArchive } from '../adapters/document-archive.js';
import { DocumentHeldIndex } from '../adapters/document-held-index.js';
import { DocumentLedgers } from '../adapters/document-ledgers.js';
import { DecisionMetrics } from '../metrics.js';
import { DecideApproval } from '../operations/decide-approval.js';
import { DryRun } from '../operations/dry-run.js';
import { EvaluateExchange } from '../operations/evaluate-exchange.js';
import { FollowPartner } from '../operations/follow-partner.js';
import { GatherFacts } from '../operations/gather-facts.js';
import { ReceiveAnswer } from '../operations/receive-answer.js';
import { ReceiveCertificate } from '../operations/receive-certificate.js';
import { Recover } from '../operations/recover.js';
import { ResumeHeld } from '../operations/resume-held.js';
import { SendCertificates } from '../operations/send-certificates.js';
import { SettleDecision } from '../operations/settle-decision.js';
import { ShowApprovals } from '../operations/show-approvals.js';
import { ShowExchanges } from '../operations/show-exchanges.js';
import { WriteDecision } from '../operations/write-decision.js';
import type { ValidationRules } from '../ports/validator.js';
import { now, trusted } from './acceptance.js';
import type { RegistryInMemory } from './registry.js';

/** What a replica is given. */
export interface ReplicaParts {
  /** Shared by the replicas of a test. */
  readonly records: MemoryRecords;
  readonly registry: RegistryInMemory;
  /** ca-store's verdict; throws where ca-store is away. */
  readonly validate?: (rules: ValidationRules) => ValidationVerdict;
  readonly clock?: FixedClock;
  /** Asked before and after each step that reaches out of the process; throws where the process is to die. */
  readonly step?: () => void;
}

let replicas = 0;

/** The operations of one replica over a store in memory. */
export function startReplica({
  records,
  registry,
  validate = () => trusted,
  clock = fixedClock(now),
  step = () => undefined,
}: ReplicaParts) {
  const memory = memoryStore({ records });
  const store = stepping(memory, step);
  const logger = createLogger({ service: 'cert-exchange', instance: 'test', level: 'silent' });
  const ids = countingIds(`replica-${(replicas += 1)}`);
  const archive = new DocumentArchive(store);
  const ledgers = new DocumentLedgers(store, archive, createMessages({ prefix: 'certlane', clock, ids }));
  const held = new DocumentHeldIndex(store);
  const partners = steppingObject(registry, step);
  const validator = {
    validate: async (_certificate: string, rules: ValidationRules) => {
      step();
      return Promise.resolve(validate(rules));
    },
  };
  const gather = new GatherFacts({ partners, validator, clock });
  const audit = new AuditTrail({ store, service: 'cert-exchange', clock, logger });
  const settle = new SettleDecision({ partners, audit });
  const write = new WriteDecision({ ledgers, held, clock, logger, metrics: new DecisionMetrics() });
  const evaluate = new EvaluateExchange({ ledgers, partners, gather, settle, write, clock, logger });
  const exchanges = new ShowExchanges({ ledgers, archive });
  const follow = new FollowPartner({ ledgers, partners, clock });
  return {
    store: memory,
    clock,
    ledgers,
    held,
    audit,
    evaluate,
    exchanges,
    follow,
    receive: new ReceiveCertificate({ ledgers, archive, gather, evaluate, clock, logger }),
    answer: new ReceiveAnswer({ ledgers, partners, clock }),
    approvals: new ShowApprovals({ ledgers, held }),
    decide: new DecideApproval({ ledgers, held, partners, evaluate, exchanges, clock }),
    dryRun: new DryRun({ partners, gather, clock }),
    resume: new ResumeHeld({ ledgers, held, evaluate, clock, logger }),
    recover: new Recover({ ledgers, evaluate, follow, held, logger }),
    send: new SendCertificates({ ledgers, partners, audit, clock }),
    /** Names of the events so far. */
    told: () =>
      memory.published
        .map(({ subject }) => /\.events\.v1\.(\w+\.[\w-]+)\./.exec(subject)?.[1])
        .filter((name) => name !== undefined),
  };
}
/** One replica. */
export type Replica = ReturnType<typeof startReplica>;

/** As ca-store that does not answer. */
export function away(): never {
  throw new CertlaneError('unavailable', 'ca-store does not answer');
}

/** A process dies for good at its step of this number, counted from 1. */
export function dyingAt(number: number): { readonly step: () => void; readonly steps: () => number } {
  let taken = 0;
  return {
    step: () => {
      taken += 1;
      // Nothing that is caught as one of our refusals: a dead process does not go on with something else.
      if (taken >= number) throw new RangeError('killed');
    },
    steps: () => taken,
  };
}

function stepping(store: DocumentStore, step: () => void): DocumentStore {
  return {
    collection: (definition) => steppingObject(store.collection(definition), step),
    check: () => store.check(),
    close: () => store.close(),
  };
}

/** The same object, with a step before and after what each of its methods does. */
function steppingObject<T extends object>(target: T, step: () => void): T {
  return new Proxy(target, {
    get: (inner, name) => {
      const method: unknown = Reflect.get(inner, name, inner);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]) => {
        step();
        const result: unknown = await Reflect.apply(method, inner, parameters);
        step();
        return result;
      };
    },
  });
}
