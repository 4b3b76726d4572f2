import { isCertlaneError, type ServiceName } from '@certlane/contracts';
import { hostname } from 'node:os';
import { createLogger } from '../log/logger.js';
import type { RunningService } from './run-service.js';

/** sysexits(3): the configuration is wrong; starting again will not help. */
const EXIT_CONFIG = 78;
const EXIT_FAILURE = 1;
/** Longer than draining may take; then the process goes as it is. */
const STOP_MS = 15_000;

/**
 * The whole of a `main.ts`: starts a service, runs it until SIGTERM or SIGINT, drains, exits.
 *
 * Exit status 0 after a clean stop, 78 for a wrong configuration (`invalid-argument`), 1 otherwise. The log line `ready` carries
 * `http`, the URL that health and metrics are served at.
 * @param start reads the configuration from the environment it is given and calls {@link runService}
 */
export async function runMain(
  name: ServiceName,
  start: (env: Readonly<Record<string, string | undefined>>) => Promise<RunningService>,
): Promise<void> {
  const logger = createLogger({ service: name, instance: `${hostname()}-${process.pid}`, level: 'info' });
  const last = (message: string) => (thrown: unknown) => {
    logger.fatal({ err: thrown }, message);
    process.exit(EXIT_FAILURE);
  };
  process.once('uncaughtException', last('uncaught exception'));
  process.once('unhandledRejection', last('unhandled rejection'));
  const stop = stopSignal();
  try {
    logger.info('starting');
    const started = start(process.env);
    // Whoever is still waiting for NATS or the store has nothing in hand.
    if (typeof (await Promise.race([started, stop])) === 'string') process.exit(0);
    const service = await started;
    const signal = await stop;
    service.logger.info({ signal }, 'asked to stop');
    setTimeout(() => process.exit(EXIT_FAILURE), STOP_MS).unref();
    await service.close();
    process.exit(0);
  } catch (thrown) {
    logger.fatal({ err: thrown }, 'service could not start');
    process.exit(isCertlaneError(thrown) && thrown.code === 'invalid-argument' ? EXIT_CONFIG : EXIT_FAILURE);
  }
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
}
