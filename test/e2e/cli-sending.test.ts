import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SfnaReason } from '@certlane/oftp2';
import { normalEnd, ssid } from '@certlane/oftp2/testing';
import { certlaneProgram } from '../support/certlane.js';
import { eventually } from '../support/eventually.js';
import { ScriptedResponder } from '../support/oftp/index.js';
import type { RunningStation } from '../support/running-station.js';
import { CliOffice, ours, THEM, US } from './cli-office.js';

let office: CliOffice;
let station: RunningStation;
const file = (name: string): string => office.file(name);

beforeAll(async () => {
  office = await CliOffice.open();
  ({ station } = office);
}, 120_000);

afterAll(() => office.close());

/** What `send --json` prints. */
interface Sent {
  readonly exchanges: { readonly id: string; readonly state: string }[];
  readonly outcomes: { readonly exchange: string; readonly outcome: string; readonly sentence: string }[];
}

/** The sentence about an exchange whose partner was called in vain. */
const NOT_REACHED =
  /^queued: not delivered yet \(.*at [\d :Z-]+\): .*nobody listens there.*; (?:tried again at [\d :Z-]+|being tried again now)/;

describe('what becomes of a certificate that is sent', () => {
  it('waits for the partner no longer than told, says why nothing was delivered, and leaves the exchange to go on', async () => {
    const words = ['send', THEM, 'deliver', '--station', US, '--certificate', ours.certificate.fingerprint];
    const sent = await eventually(
      () => station.run(['--json', ...words, '--timeout', '1']),
      ({ out }) => out.includes('nobody listens there'),
    );
    expect(sent.status).toBe(7);
    const { exchanges, outcomes } = JSON.parse(sent.out) as Sent;
    expect(exchanges).toMatchObject([{ state: 'queued', awaits: 'our-call' }]);
    const id = exchanges[0]?.id ?? '';
    expect(outcomes).toEqual([
      { exchange: id, outcome: 'not-delivered', sentence: expect.stringMatching(NOT_REACHED) as unknown },
    ]);
    const again = await station.run([...words, '--timeout', '1']);
    expect(again.status).toBe(7);
    expect(again.out).toMatch(
      new RegExp(
        `^deliver of \\w{12} to ${THEM} \\(${id}\\): ${NOT_REACHED.source.slice(1)}\n` +
          `Waited 1 second; it goes on by itself, see: certlane exchange show ${id}\n$`,
      ),
    );
    const shown = await station.run(['exchange', 'show', id.slice(0, 10)]);
    expect(shown.out).toMatch(/What +deliver, outbound\nState +queued/);
    expect(shown.out).toMatch(/\nNext +we call (?:now|at [\d :Z-]+)\n/);
    expect(shown.out).toMatch(/\nFailed tries +[1-9]\d*\nLast failure +[\d :Z-]+: .*nobody listens there/);
    const listed = await station.run(['exchange', 'list']);
    expect(listed.out).toMatch(new RegExp(`${id} .* queued +[\\d: Z-]+ +[1-9]\\d* +we call .*nobody listens there`));
  }, 60_000);

  it('says that a partner without an address gets it when it calls, and gives it up with the partner', async () => {
    const caller = 'O0177000000CALLS';
    const partner = ['--station', US, '--id', caller, '--password', 'CALLS1', '--acx'];
    await station.ok('partner', 'add', ...partner);
    const words = ['send', caller, 'deliver', '--certificate', file('acme.pem'), '--timeout', '1'];
    const sent = await station.run(words);
    expect(sent.status).toBe(7);
    expect(sent.out).toMatch(
      /: queued: not delivered yet: O0177000000CALLS has no address here and gets it when it calls/,
    );
    const { exchanges, outcomes } = await station.ok<Sent>(...words, '--no-wait');
    expect(outcomes).toMatchObject([{ outcome: 'partner-calls' }]);
    await station.ok('partner', 'remove', caller);
    const over = await eventually(
      () => station.ok<{ exchange: Sent['exchanges'][number] }>('exchange', 'show', exchanges[0]?.id ?? ''),
      ({ exchange }) => exchange.state === 'failed',
    );
    expect(over.exchange).toMatchObject({ state: 'failed', reason: 'partner-removed' });
    const { out } = await station.run(['events', '--partner', caller]);
    expect(out).toMatch(/exchange\.failed +our deliver to O0177000000CALLS is given up, partner-removed: /);
  }, 60_000);
});

describe('what a partner or time decides', () => {
  const DOUBTER = 'O0177000000DOUBT';

  it('says that a partner refused a file as a duplicate, and waits for its answer no longer than told', async () => {
    const responder = await ScriptedResponder.listen();
    const reach = ['--host', '127.0.0.1', '--port', String(responder.port), '--tcp'];
    await station.ok('partner', 'add', '--station', US, '--id', DOUBTER, '--password', 'DOUBT1', ...reach, '--acx');
    const words = ['send', DOUBTER, 'deliver', '--certificate', file('acme.pem')];
    const { exchanges } = await station.ok<Sent>(...words, '--no-wait');
    const caller = await responder.accept();
    caller.send({ command: 'SSRM' });
    await caller.expect('SSID');
    caller.send(ssid(DOUBTER, 'DOUBT1'));
    await caller.expect('SFID');
    caller.send({ command: 'SFNA', SFNAREAS: SfnaReason.duplicateFile, SFNARRTR: 'N', SFNAREAST: '' });
    const id = exchanges[0]?.id ?? '';
    const shown = await eventually(
      () => station.run(['exchange', 'show', id]),
      ({ out }) => out.includes('duplicate'),
    );
    expect(shown.out).toMatch(
      /\nState +sent\nMeaning +refused as a duplicate \(SFNA 13\): .*\nNext +its EERP or NERP\n/,
    );
    await caller.expect('CD');
    caller.send(normalEnd);

    // Sent anew it is another file, and is refused alike.
    const sending = station.run(['--json', ...words, '--timeout', '10']);
    const second = await responder.accept();
    second.send({ command: 'SSRM' });
    await second.expect('SSID');
    second.send(ssid(DOUBTER, 'DOUBT1'));
    await second.expect('SFID');
    second.send({ command: 'SFNA', SFNAREAS: SfnaReason.duplicateFile, SFNARRTR: 'N', SFNAREAST: 'have it' });
    const sent = await sending;
    expect(sent.status).toBe(9);
    expect((JSON.parse(sent.out) as Sent).outcomes).toMatchObject([
      {
        outcome: 'duplicate',
        sentence: expect.stringMatching(
          /^sent: refused as a duplicate \(SFNA 13: have it\): the partner has received it before; its answer is awaited since [\d :Z-]+$/,
        ) as unknown,
      },
    ]);
    second.destroy();
    responder.close();
  }, 60_000);

  const PICKY = 'O0177000000PICKY';

  it('tells by its exit status that the partner did not take a certificate over, and why', async () => {
    const responder = await ScriptedResponder.listen();
    const reach = ['--host', '127.0.0.1', '--port', String(responder.port), '--tcp'];
    await station.ok('partner', 'add', '--station', US, '--id', PICKY, '--password', 'PICKY1', ...reach, '--acx');
    const sending = station.run(['send', PICKY, 'deliver', '--certificate', file('acme.pem')]);
    const unsent = sending.then((ran) => {
      throw new Error(`it ended before it called: ${JSON.stringify(ran)}`);
    });
    const caller = await Promise.race([responder.accept(), unsent]);
    unsent.catch(() => undefined);
    caller.send({ command: 'SSRM' });
    expect(await caller.expect('SSID')).toMatchObject({ SSIDCODE: US, SSIDPSWD: 'Q7ACMEQ7' });
    caller.send(ssid(PICKY, 'PICKY1'));
    await caller.expect('SFID');
    caller.send({ command: 'SFNA', SFNAREAS: SfnaReason.unspecified, SFNARRTR: 'N', SFNAREAST: 'not again' });
    const sent = await sending;
    expect(sent.status).toBe(8);
    expect(sent.out).toMatch(new RegExp(`^deliver of \\w+ to ${PICKY} \\(out-\\w+\\): rejected: .*not again`));
    caller.destroy();
    responder.close();
  }, 60_000);

  it('shows events as they happen, and ends in good order when interrupted', async () => {
    const child = spawn(process.execPath, [
      ...certlaneProgram,
      '--data',
      station.data,
      'events',
      '--follow',
      '--partner',
      PICKY,
    ]);
    const lines = createInterface({ input: child.stdout });
    const seen: string[] = [];
    lines.on('line', (line) => seen.push(line));
    await eventually(
      () => seen.length,
      (count) => count > 0,
    );
    expect(seen[0]).toMatch(/^2\d{3}-\d\d-\d\d \d\d:\d\d:\d\dZ +partner\.added +partner O0177000000PICKY added$/);
    await station.ok('partner', 'set', PICKY, '--station', US, '--no-acx');
    const last = await eventually(
      () => seen.at(-1),
      (line) => line?.includes('partner.changed') === true,
    );
    expect(last).toMatch(/partner\.changed +settings of O0177000000PICKY changed: acx/);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  }, 60_000);

  it('leaves an exchange to go on when the wait for it is interrupted', async () => {
    const words = ['--data', station.data, 'send', THEM, 'deliver', '--certificate', file('acme.pem')];
    const child = spawn(process.execPath, [...certlaneProgram, ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
    const queued = () => station.ok<Sent>('exchange', 'list', '--partner', THEM);
    await eventually(queued, ({ exchanges }) => exchanges.length > 0);
    // The exchange is there before the command has heard of it.
    await setTimeout(1_000);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    const { exchanges } = await queued();
    expect(exchanges.map(({ state }) => state)).toEqual(['queued']);
    const id = exchanges[0]?.id ?? '';
    expect(said.err).toBe(
      `certlane: no longer waiting; the exchange goes on by itself, see: certlane exchange show ${id}\n`,
    );
    expect(said.out).toMatch(new RegExp(`^deliver of \\w{12} to ${THEM} \\(${id}\\): queued: .*\n$`));
  }, 60_000);

  it('ends in good order when nobody reads on, and says so when the disk is full', async () => {
    const shell = (line: string) =>
      spawn('sh', ['-c', line, 'sh', process.execPath, ...certlaneProgram], { stdio: ['ignore', 'pipe', 'pipe'] });
    const data = `--data '${station.data}'`;
    const head = shell(`{ "$@" ${data} events; echo "status $?" >&2; } | head -n 1`);
    const [first] = (await once(createInterface({ input: head.stderr }), 'line')) as [string];
    expect(first).toBe('status 0');
    const full = shell(`"$@" ${data} station list >/dev/full`);
    const [sentence] = (await once(createInterface({ input: full.stderr }), 'line')) as [string];
    expect(sentence).toBe('certlane: standard output cannot be written (ENOSPC); make room, or write elsewhere');
    expect((await once(full, 'close'))[0]).toBe(5);
  }, 60_000);
});
