import { describe, it } from '@jest/globals';
import { endure } from './kills.js';

describe('every change tells its events, each once and in order, and nothing else is told', () => {
  it('when processes are killed a hundred times', () => endure({ kills: 100, victim: 'writer' }), 600_000);

  it('when nats-server is killed fifty times', () => endure({ kills: 50, victim: 'nats-server' }), 600_000);
});
