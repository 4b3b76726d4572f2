import { createServer, type AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { testMongo } from '../testing/test-mongo.js';
import { probeMongo } from './mongo-probe.js';

const mongo = await testMongo();
afterAll(() => ('stop' in mongo ? mongo.stop() : undefined));

describe('looking whether a MongoDB answers', () => {
  ('missing' in mongo ? it.skip : it)('finds one that does', async () => {
    await expect(probeMongo('url' in mongo ? mongo.url : '')).resolves.toBeUndefined();
  });

  it.each([
    ['a port nobody listens on', 'mongodb://u:geheim@127.0.0.1:1/x?serverSelectionTimeoutMS=200', 'unavailable'],
    ['an option that is none', 'mongodb://u:geheim@127.0.0.1:1/x?readPreference=geheim', 'invalid-argument'],
  ])('refuses %s without repeating it', async (_what, url, code) => {
    await expect(probeMongo(url)).rejects.toMatchObject({ code, message: expect.not.stringContaining('geheim') });
  });

  it('does not wait for a server that says nothing', async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const url = `mongodb://127.0.0.1:${port}/x?serverSelectionTimeoutMS=200&connectTimeoutMS=200`;
    await expect(probeMongo(url)).rejects.toMatchObject({ code: 'unavailable' });
    await new Promise((resolve) => mute.close(resolve));
  });
});
