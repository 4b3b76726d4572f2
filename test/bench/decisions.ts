import { exchangeRequests } from '@certlane/contracts';
import { testCa } from '@certlane/pki/testing';
import { connectNats } from '@certlane/runtime';
import { testNats } from '@certlane/runtime/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ratePerSecond } from './load/rate.js';
import { BenchStation } from './load/station.js';
import { median, spread, type BenchRow } from './report.js';

const AT_ONCE = 16;
const ROUNDS = 5;
const ROUND_MS = 1500;

/** Session decisions a second of a whole station, against bare NATS request/reply with messages of the same size. */
export async function run(): Promise<BenchRow[]> {
  const acme = testCa({ name: 'Acme' });
  const beta = testCa({ name: 'Beta' });
  const station = await BenchStation.start('O0013000000ACME', acme.issue({ host: 'localhost' }), [
    beta.root.certificate,
    beta.authority.certificate,
  ]);
  try {
    const partner = 'O0177000000BETA';
    const certificate = beta.issue({ host: 'beta.example' }).certificate;
    await station.addPartner(partner, beta.authority.certificate, { host: 'beta.example', certificate });
    const question = {
      session: 'bench',
      direction: 'inbound' as const,
      station: station.id,
      partner,
      secureAuthentication: true,
      passwordCorrect: true,
      remoteAddress: '127.0.0.1',
    };
    const decide = () => station.request(exchangeRequests.sessionDecide, question);
    const reply = JSON.stringify(await decide()).length;
    const rates: number[] = [];
    const bareRates: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rates.push(await ratePerSecond(decide, AT_ONCE, ROUND_MS));
      bareRates.push(await bareRate(JSON.stringify(question).length, reply));
    }
    const limit = median(bareRates);
    const value = median(rates);
    return [
      {
        name: 'bare NATS request/reply, 16 at once',
        value: limit,
        unit: '/s',
        note: `spread ${spread(bareRates).toFixed(2)}`,
      },
      {
        name: 'session decisions, 16 at once',
        value,
        unit: '/s',
        limit,
        ratio: value / limit,
        note: `aim 0.5; spread ${spread(rates).toFixed(2)}`,
      },
    ];
  } finally {
    await station.stop();
  }
}

async function bareRate(requestOctets: number, replyOctets: number): Promise<number> {
  const nats = await testNats();
  const echo = fork(fileURLToPath(new URL('load/echo.js', import.meta.url)), [nats.server.url, String(replyOctets)]);
  try {
    await once(echo, 'message');
    const connection = await connectNats(nats.config('anyone'), 'anyone');
    const payload = Buffer.alloc(requestOctets, 'x');
    const rate = await ratePerSecond(
      () => connection.request('bench.echo', payload, { timeout: 5000 }),
      AT_ONCE,
      ROUND_MS,
    );
    await connection.close();
    return rate;
  } finally {
    echo.kill();
    await nats.stop();
  }
}
