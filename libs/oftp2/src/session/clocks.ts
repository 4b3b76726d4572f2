import type { Effect } from './effects.js';
import { STARTING_STATES, type SessionState } from './states.js';
import { WAITS, type TimerKind, type Timeouts } from './timers.js';

/** What the clocks have to know after a session has worked off what it was given. */
export interface Standing {
  readonly state: SessionState;
  /** Whether anything happened that the tables do not ignore. */
  readonly touched: boolean;
  /** Whether a frame was completed. */
  readonly advanced: boolean;
  /** Whether part of a frame has arrived. */
  readonly midFrame: boolean;
}

/** Knows which timers run, and says once per call which to start and which to stop: a thousand DATA cost one restart. */
export class Clocks {
  readonly #timeouts: Timeouts;
  readonly #running = new Set<TimerKind>();

  /** @param timeouts how long each kind of waiting may last */
  constructor(timeouts: Timeouts) {
    this.#timeouts = timeouts;
  }

  /** Takes note that a timer ran out; false when it was no longer meant to run. */
  expire(timer: TimerKind): boolean {
    return this.#running.delete(timer);
  }

  /** The timers that follow from where the session stands. */
  settle({ state, touched, advanced, midFrame }: Standing): Effect[] {
    const wait = WAITS[state];
    const connected = wait !== undefined && state !== 'I_WF_NC';
    const frame = midFrame && connected && state !== 'WF_NDISC';
    const starting = connected && STARTING_STATES.has(state);
    const effects: Effect[] = [];
    this.#set('inactivity', wait === undefined ? undefined : this.#timeouts[wait.timeout], touched, effects);
    this.#set('frame', frame ? this.#timeouts.frame : undefined, advanced, effects);
    this.#set('session-start', starting ? this.#timeouts.sessionStart : undefined, false, effects);
    return effects;
  }

  /** `milliseconds` undefined: the timer is not wanted. `anew`: restart one that runs. */
  #set(timer: TimerKind, milliseconds: number | undefined, anew: boolean, effects: Effect[]): void {
    const running = this.#running.has(timer);
    if (milliseconds === undefined) {
      if (this.#running.delete(timer)) effects.push({ effect: 'stopTimer', timer });
      return;
    }
    if (running && !anew) return;
    this.#running.add(timer);
    effects.push({ effect: 'startTimer', timer, milliseconds });
  }
}
