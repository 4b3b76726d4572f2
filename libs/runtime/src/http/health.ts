import { setTimeout as sleep } from 'node:timers/promises';

/** Result of the readiness checks by name. */
export interface HealthReport {
  readonly ready: boolean;
  /** Why not, by check; `ok` for those that passed, with what they tell beside it: `ok: 12`. */
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * A readiness check: passes when it returns, fails when it throws or takes longer than two seconds. A text that it returns, or promises,
 * is shown.
 */
export type HealthCheck = () => unknown;

/** What `/health/ready` asks: NATS and the store are registered by the runtime, more by the service. */
export interface Health {
  /** Registers a check; the same name again replaces the former. */
  register(name: string, check: HealthCheck): void;
  report(): Promise<HealthReport>;
}

const CHECK_TIMEOUT_MS = 2_000;

/** The checks of a process. */
export function createHealth(): Health {
  const checks = new Map<string, HealthCheck>();
  return {
    register: (name, check) => void checks.set(name, check),
    report: async () => {
      const results = await Promise.all(
        [...checks].map(async ([name, check]) => ({ name, ...(await outcome(check)) })),
      );
      return {
        ready: results.every(({ passed }) => passed),
        checks: Object.fromEntries(results.map(({ name, said }) => [name, said])),
      };
    },
  };
}

/** What a check came to. */
interface Outcome {
  readonly passed: boolean;
  readonly said: string;
}

async function outcome(check: HealthCheck): Promise<Outcome> {
  const timer = new AbortController();
  try {
    const late = sleep(CHECK_TIMEOUT_MS, undefined, { signal: timer.signal }).then(() => ({
      passed: false,
      said: `no answer within ${CHECK_TIMEOUT_MS} ms`,
    }));
    late.catch(() => undefined);
    return await Promise.race([passing(check), late]);
  } catch (thrown) {
    return { passed: false, said: Error.isError(thrown) ? thrown.message : String(thrown) };
  } finally {
    timer.abort();
  }
}

async function passing(check: HealthCheck): Promise<Outcome> {
  const word = await check();
  return { passed: true, said: typeof word === 'string' ? `ok: ${word}` : 'ok' };
}
