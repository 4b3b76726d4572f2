import { createServer } from 'node:net';
import { CertlaneError } from '@certlane/contracts';
import type { PortChoice } from './settings.js';

/**
 * The port to listen on: a chosen one is tried, `auto` becomes a free one.
 *
 * The gateway binds it a moment later; until then another program may take it, and then the gateway says so itself.
 * @param field the option, for the error
 * @throws {CertlaneError} `failed-precondition` when it cannot be listened on
 */
export async function freePort(choice: PortChoice, address: string, field: string): Promise<number | undefined> {
  if (choice === 'none') return undefined;
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: choice === 'auto' ? 0 : choice, host: address, exclusive: true }, () => {
        const bound = server.address();
        resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
      });
    });
  } catch (thrown) {
    throw refused((thrown as { code?: unknown }).code, choice, address, field);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function refused(code: unknown, choice: PortChoice, address: string, field: string): CertlaneError {
  const details = { details: { field: code === 'EADDRNOTAVAIL' ? '--listen' : field } };
  const sentence = ((): string => {
    switch (code) {
      case 'EADDRINUSE':
        return `${field} is '${choice}': another program listens on ${address}:${choice}; choose another port, or 0 for not listening`;
      case 'EACCES':
        return `${field} is '${choice}': this user may not listen on that port; choose one above 1023`;
      case 'EADDRNOTAVAIL':
        return `--listen is '${address}': this machine has no such address; use one of its own, or 0.0.0.0 for all`;
      default:
        return `${field} is '${choice}': listening on ${address} fails (${String(code)}); choose another port or address`;
    }
  })();
  return new CertlaneError('failed-precondition', sentence, details);
}
