import { isServiceName } from '@certlane/contracts';
import type { TappedMessage, Verdict } from '../support/bus-tap.js';
import type { Relation } from './relation.js';
import type { Side } from '../support/side.js';
import { stepOf, type Step } from './steps.js';

/** Who dies at a step: who takes it, right after it is on its way; who is asked, before the question comes; or the bus. */
export type Victim = 'sender' | 'receiver' | 'nats-server';

/** A place in an exchange where something is killed. */
export interface KillPoint {
  readonly side: 'a' | 'b';
  readonly by: string;
  readonly what: string;
  /** Which occurrence in this exchange, from 1. */
  readonly nth: number;
  readonly victim: Victim;
  /** So long after the step, which goes on meanwhile; exactly at the step unless given. */
  readonly lateMs?: number;
}

/** `b cert-exchange write ledger 2: sender` */
export function pointName({ side, by, what, nth, victim, lateMs }: KillPoint): string {
  return `${side} ${by} ${what} ${nth}: ${victim}${lateMs === undefined ? '' : ` after ${lateMs} ms`}`;
}

interface Armed {
  readonly point: KillPoint;
  readonly relation: Relation;
  left: number;
}

/** Steps that do not say whom they are about. */
const ANONYMOUS = ['request certificate.validate', 'job done'];

/** Whether a step belongs to an exchange of these two, as far as it says. */
export function concerns(relation: Relation, { what }: Step, { octets, subject }: TappedMessage): boolean {
  return ANONYMOUS.includes(what) || relation.concerns(octets, subject);
}

/** Watches both sides, and kills where it was told to. */
export class Killer {
  readonly #sides: Readonly<Record<'a' | 'b', Side>>;
  #armed: Armed[] = [];
  #buses: Promise<void> = Promise.resolve();
  /** What was killed, in order. */
  readonly killed: string[] = [];
  /** Told of every step that passes. */
  passed: (side: 'a' | 'b', step: Step, message: TappedMessage) => void = () => undefined;

  constructor(a: Side, b: Side) {
    this.#sides = { a, b };
    for (const side of ['a', 'b'] as const) this.#sides[side].tap.listen((message) => this.#see(side, message));
  }

  /** Kills at this point of the next exchange of these two. */
  arm(point: KillPoint, relation: Relation): void {
    this.#armed.push({ point, relation, left: point.nth });
  }

  /** Points that were never reached; none is armed any more, and every bus runs. */
  async disarm(): Promise<string[]> {
    const left = this.#armed.map(({ point }) => pointName(point));
    this.#armed = [];
    await this.#buses;
    return left;
  }

  #see(side: 'a' | 'b', message: TappedMessage): Verdict {
    const step = stepOf(message);
    if (step === undefined) return 'pass';
    this.passed(side, step, message);
    for (const armed of this.#armed) {
      if (!isAt(armed, side, step, message)) continue;
      armed.left -= 1;
      if (armed.left > 0) continue;
      const verdict = this.#kill(armed.point, step);
      // Nobody was killed: cut off all the same, a process that lives would be struck dumb. The next time will do.
      if (verdict === undefined) continue;
      this.#armed = this.#armed.filter((other) => other !== armed);
      this.killed.push(pointName(armed.point));
      return verdict;
    }
    return 'pass';
  }

  /** What becomes of the message, where the victim was there to be killed. */
  #kill(point: KillPoint, step: Step): Verdict | undefined {
    const side = this.#sides[point.side];
    if (point.victim === 'nats-server') {
      this.#buses = this.#buses.then(() => side.killBus());
      return 'pass';
    }
    const service = point.victim === 'sender' ? step.by : step.asks;
    if (service === undefined || !isServiceName(service)) throw new Error(`nobody dies at ${pointName(point)}`);
    if (point.lateMs !== undefined) {
      setTimeout(() => side.kill(service), point.lateMs);
      return 'pass';
    }
    if (!side.kill(service)) return undefined;
    return point.victim === 'sender' ? 'last' : 'pass';
  }
}

function isAt({ point, relation }: Armed, side: 'a' | 'b', step: Step, message: TappedMessage): boolean {
  return point.side === side && point.by === step.by && point.what === step.what && concerns(relation, step, message);
}
