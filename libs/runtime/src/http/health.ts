import { setTimeout as sleep } from 'node:timers/promises';

/** Result of the readiness checks by name. */
export interface HealthReport {
  readonly ready: boolean;
  /** Why not, by check; `ok` for those that passed. */
  readonly checks: Readonly<Record<string, string>>;
}

/** A readiness check: passes when it returns, fails when it throws or takes longer than two seconds. */
export type HealthCheck = () => void | Promise<void>;

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
        [...checks].map(async ([name, check]) => [name, await outcome(check)] as const),
      );
      return { ready: results.every(([, said]) => said === OK), checks: Object.fromEntries(results) };
    },
  };
}

const OK = 'ok';

async function outcome(check: HealthCheck): Promise<string> {
  const timer = new AbortController();
  try {
    const late = sleep(CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS} ms`, { signal: timer.signal });
    late.catch(() => undefined);
    return await Promise.race([Promise.resolve(check()).then(() => OK), late]);
  } catch (thrown) {
    return Error.isError(thrown) ? thrown.message : String(thrown);
  } finally {
    timer.abort();
  }
}
