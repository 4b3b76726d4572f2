import { metrics, type Counter, type Histogram, type UpDownCounter } from '@opentelemetry/api';
import type { SessionReport } from './ports/session-ends.js';

/** What the gateway counts; one name a line, all under `certlane.gateway`. */
export class GatewayMetrics {
  readonly #active: UpDownCounter;
  readonly #sessions: Counter;
  readonly #duration: Histogram;
  readonly #octets: Counter;
  readonly #handshakes: Counter;
  readonly #refusedConnections: Counter;
  readonly #eventsDropped: Counter;

  constructor() {
    const meter = metrics.getMeter('certlane');
    this.#active = meter.createUpDownCounter('certlane.gateway.sessions.active', {
      description: 'Sessions that run now',
    });
    this.#sessions = meter.createCounter('certlane.gateway.sessions', {
      description: 'Sessions that ended, by role, outcome and ESID reason',
    });
    this.#duration = meter.createHistogram('certlane.gateway.session.duration.seconds', {
      unit: 's',
      description: 'Length of sessions',
    });
    this.#octets = meter.createCounter('certlane.gateway.octets', {
      unit: 'By',
      description: 'Octets of OFTP, by direction',
    });
    this.#handshakes = meter.createCounter('certlane.gateway.handshakes', {
      description: 'TLS handshakes of callers, by version or failure',
    });
    this.#refusedConnections = meter.createCounter('certlane.gateway.connections.refused', {
      description: 'Connections turned away, by limit',
    });
    this.#eventsDropped = meter.createCounter('certlane.gateway.events.dropped', {
      description: 'Events of ended sessions that were not published, by cause',
    });
  }

  sessionStarted(role: 'initiator' | 'responder'): void {
    this.#active.add(1, { role });
  }

  sessionEnded(report: SessionReport, octets: { readonly octetsRead: number; readonly octetsWritten: number }): void {
    const { role, end, milliseconds } = report;
    this.#active.add(-1, { role });
    this.#sessions.add(1, { role, outcome: end.outcome, by: end.by, esid: end.esid ?? -1 });
    this.#duration.record(milliseconds / 1_000, { role });
    this.#octets.add(octets.octetsRead, { direction: 'in' });
    this.#octets.add(octets.octetsWritten, { direction: 'out' });
  }

  handshaken(version: string): void {
    this.#handshakes.add(1, { result: version });
  }

  handshakeFailed(): void {
    this.#handshakes.add(1, { result: 'failed' });
  }

  connectionRefused(reason: string): void {
    this.#refusedConnections.add(1, { reason });
  }

  eventDropped(cause: 'unknown-peer' | 'buffer-full' | 'invalid'): void {
    this.#eventsDropped.add(1, { cause });
  }
}
