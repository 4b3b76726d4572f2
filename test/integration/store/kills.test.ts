import { testMongo } from '@certlane/runtime/testing';
import { afterAll, describe, it } from '@jest/globals';
import { endure } from './kills.js';

/** Each takes some seconds; every life of a process begins with the start of Node, which a busy machine takes its time for. */
const PATIENCE_MS = 240_000;

describe('every change tells its events, each once and in order, and nothing else is told', () => {
  it(
    'when processes are killed at any instant, documents in NATS',
    () => endure({ kills: 8, victim: 'writer' }),
    PATIENCE_MS,
  );

  it(
    'when nats-server is killed at any instant, documents in NATS',
    () => endure({ kills: 5, victim: 'nats-server' }),
    PATIENCE_MS,
  );
});

const mongo = await testMongo();
if ('missing' in mongo) describe.skip('the same with documents in MongoDB', () => it(mongo.missing, () => undefined));
else {
  describe(`the same with documents in MongoDB (${mongo.kind})`, () => {
    afterAll(() => mongo.stop());
    const urlOf = (database: string) => new URL(`certlane-kills-${process.pid}-${database}`, mongo.url).href;

    it(
      'when processes are killed at any instant',
      () => endure({ kills: 6, victim: 'writer', mongoUrl: urlOf('writer') }),
      PATIENCE_MS,
    );

    it(
      'when nats-server is killed at any instant',
      () => endure({ kills: 4, victim: 'nats-server', mongoUrl: urlOf('nats') }),
      PATIENCE_MS,
    );
  });
}
