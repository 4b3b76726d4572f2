import { CertlaneError } from '@certlane/contracts';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from '../config/runtime-config.js';
import type { Health } from './health.js';

/** What is served. */
export interface HttpParts {
  readonly listen: ListenAddress;
  readonly health: Health;
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A running server. */
export interface HttpFace {
  /** Where it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/health/live`, `/health/ready` and `/metrics`: for probes and scrapers, nothing of the product itself. */
export async function startHttp(parts: HttpParts): Promise<HttpFace> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    route(parts, request, response).catch(() => response.destroy());
  });
  server.maxConnections = 64;
  await listening(server, parts.listen);
  const { port } = server.address() as AddressInfo;
  const host = parts.listen.host.includes(':') ? `[${parts.listen.host}]` : parts.listen.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(parts: HttpParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  if (request.method !== 'GET' && request.method !== 'HEAD')
    answer(response, 405, { error: 'only GET is served here' });
  else if (path === '/health/live') answer(response, 200, { live: true });
  else if (path === '/health/ready') {
    const report = await parts.health.report();
    answer(response, report.ready ? 200 : 503, report);
  } else if (path === '/metrics') parts.metrics(request, response);
  else answer(response, 404, { error: 'served here: /health/live, /health/ready, /metrics' });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

function listening(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const message = `CERTLANE_HTTP_LISTEN: cannot listen on ${host}:${port} (${error.code ?? error.message}); choose another address or port`;
      reject(new CertlaneError('unavailable', message, { cause: error }));
    });
    server.listen(port, host);
  });
}
