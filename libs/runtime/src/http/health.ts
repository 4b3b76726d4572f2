/** Result of a readiness check by name. */
export interface HealthReport {
  readonly ready: boolean;
  /** Why not, by check; `ok` for those that passed. */
  readonly checks: Readonly<Record<string, string>>;
}

/** What `/health/ready` asks: NATS and the store are registered by the runtime, more by the service. */
export interface Health {
  /** Registers a check: it passes when it returns, fails when it throws or takes longer than two seconds. */
  register(name: string, check: () => void | Promise<void>): void;
  report(): Promise<HealthReport>;
}
