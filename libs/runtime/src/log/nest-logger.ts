import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own words in our log: what it says of modules and routes is only interesting to those who look for it. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...context: unknown[]): void {
    this.#logger.debug(fields(message, context), 'nest');
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.#logger.trace(fields(message, context), 'nest');
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.#logger.trace(fields(message, context), 'nest');
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.#logger.warn(fields(message, context), 'nest warns');
  }

  error(message: unknown, ...context: unknown[]): void {
    this.#logger.error(fields(message, context), 'nest failed');
  }

  fatal(message: unknown, ...context: unknown[]): void {
    this.#logger.fatal(fields(message, context), 'nest failed');
  }
}

/** Nest gives the context last, and a stack before it where there is one. */
function fields(message: unknown, context: readonly unknown[]): Record<string, unknown> {
  const said = Error.isError(message) ? { err: message } : { text: String(message) };
  return context.length === 0 ? said : { ...said, context: context.map(String) };
}
