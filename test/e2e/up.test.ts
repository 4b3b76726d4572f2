import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { dataFolder, isRunning, readStationFile, type ProcessMark, type StationFile } from '@certlane/cli';
import { serviceNames, type ServiceName } from '@certlane/contracts';
import { findNatsServer } from '@certlane/runtime/testing';
import { certlane } from '../support/certlane.js';
import { eventually } from '../support/eventually.js';
import { RunningStation } from '../support/running-station.js';

const env = { NATS_SERVER: findNatsServer() };
const PORTS = ['--tcp-port', 'auto', '--tls-port', 'auto'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-up-'));
});
const running: RunningStation[] = [];
/** Starts a station that is stopped after the test, whatever came of it. */
const start = async (name: string): Promise<RunningStation> => {
  const station = await RunningStation.start(resolve(folder, name), [], { env });
  running.push(station);
  return station;
};
afterEach(async () => {
  await Promise.all(running.splice(0).map((station) => station.stop()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const processesOf = (file: StationFile): ProcessMark[] =>
  [...Object.values(file.services).map((service) => service.process), file.nats.process].filter(
    (mark) => mark !== undefined,
  );

/** Those that still run. */
const alive = async (marks: readonly ProcessMark[]): Promise<ProcessMark[]> => {
  const running = await Promise.all(marks.map((mark) => isRunning(mark)));
  return marks.filter((_mark, index) => running[index]);
};

const stationIds = async (station: RunningStation): Promise<string[]> => {
  const { stations } = await station.ok<{ stations: { id: string }[] }>('station', 'list');
  return stations.map(({ id }) => id);
};

/** SIGKILL to one process that a station's file names. */
const kill = (mark: ProcessMark | undefined): void => {
  if (mark === undefined) throw new Error('the file of the station does not name this process');
  process.kill(mark.pid, 'SIGKILL');
};

/** How often the console said that a process was lost and runs again, once it has said so often enough. */
const restarts = (station: RunningStation, name: string, wanted = 1): Promise<number> => {
  const lost = `${name} is gone: it was ended by SIGKILL; it is started again in \\d+ ms`;
  const told = new RegExp(`${lost}[^]*?${name} runs again`, 'g');
  return eventually(
    () => station.console.match(told)?.length ?? 0,
    (times) => times >= wanted,
  );
};

/** What each service answers; the gateway makes a key, and has others keep it. */
const ASKING: Readonly<Record<ServiceName, string>> = {
  'session-gateway': 'certificate create --station O0013AGAIN --subject CN=again --self-signed',
  'partner-registry': 'station list',
  'cert-exchange': 'exchange list',
  'ca-store': 'issuer list',
};

/** Runs a command until it does what it was asked: a process that was started again needs a moment to be found. */
const answer = (station: RunningStation, line: string) =>
  eventually(
    () => station.run(line.split(' ')),
    ({ status }) => status === 0,
  );

const ownCertificates = async (station: RunningStation): Promise<unknown[]> =>
  (await station.ok<{ certificates: unknown[] }>('certificate', 'list', '--station', 'O0013AGAIN')).certificates;

/** The station's file, once a process in it is another one than before. */
const after = (station: RunningStation, before: StationFile, name: ServiceName | 'nats') =>
  eventually(
    () => readStationFile(dataFolder(station.data)),
    (file) => {
      const of = (one: StationFile | undefined) => (name === 'nats' ? one?.nats.process : one?.services[name]?.process);
      return of(file) !== undefined && of(file)?.pid !== of(before)?.pid;
    },
  );

describe('certlane up', () => {
  it('starts everything, says where it listens, keeps secrets to its user, and stops all of it on Ctrl-C', async () => {
    const data = join(folder, 'first');
    const station = await start(data);
    const file = JSON.parse(await readFile(join(data, 'station.json'), 'utf8')) as StationFile;
    expect(file).toEqual(station.file);
    expect(file.listen.tls).toEqual({ address: '127.0.0.1', port: station.tlsPort });
    expect(Object.keys(file.services).sort()).toEqual([...serviceNames].sort());
    for (const { health } of Object.values(file.services)) {
      const ready = await fetch(`${health}/health/ready`);
      expect(ready.status).toBe(200);
    }
    expect(station.console).toMatch(
      /NATS \d+\.\d+\.\d+, started here, at nats:.*: what is stored survives a killed process/,
    );
    const secrets = await readdir(join(data, 'secrets'), { recursive: true, withFileTypes: true });
    for (const secret of secrets.filter((entry) => entry.isFile())) {
      expect((await stat(join(secret.parentPath, secret.name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(data, 'nats', 'nats.conf'))).mode & 0o077).toBe(0);

    const again = await certlane(['--data', data, 'up', ...PORTS], { env });
    expect(again.status).toBe(5);
    expect(again.err).toBe(
      `certlane: --data is '${data}': a station runs on this folder already (process ${file.supervisor.pid}); stop it first, or name another folder\n`,
    );
    await station.ok('station', 'add', '--id', 'O0013FIRST', '--password', 'FIRST1');

    expect(await station.stop('SIGINT')).toBe(0);
    expect(await alive(processesOf(file))).toEqual([]);
    expect(await readdir(data)).not.toContain('station.json');
    const late = await station.run(['station', 'list']);
    expect(late).toMatchObject({ status: 7, out: '' });
    expect(late.err).toContain(`no station runs on this folder; start it with: certlane up --data ${data}`);

    const second = await start(data);
    expect(await stationIds(second)).toEqual(['O0013FIRST']);
    expect(await second.stop()).toBe(0);
  });

  it('goes on after kill -9 of itself: what it left running is ended first', async () => {
    const data = join(folder, 'killed');
    const station = await start(data);
    await station.ok('station', 'add', '--id', 'O0013KILLED', '--password', 'KILL1');
    await station.kill();
    const left = processesOf(station.file);
    expect(await alive(left)).toEqual(left);
    expect((await station.run(['station', 'list'])).status).toBe(7);

    const next = await start(data);
    expect(next.console).toMatch(/ended what it left running \(nats-server, .*session-gateway/);
    expect(await alive(left)).toEqual([]);
    expect(await stationIds(next)).toEqual(['O0013KILLED']);
    expect(await next.stop()).toBe(0);
  });

  it('starts a service again that is killed, says so, and answers with what it held', async () => {
    const station = await start('restarts');
    await station.ok('station', 'add', '--id', 'O0013AGAIN', '--password', 'AGAIN1');
    let file = station.file;
    for (const name of serviceNames) {
      kill(file.services[name]?.process);
      const seen = await after(station, file, name);
      expect(seen?.services[name]?.process?.pid).not.toBe(file.services[name]?.process?.pid);
      // Whoever watches it need not look for it anew.
      expect(seen?.services[name]?.health).toBe(station.file.services[name]?.health);
      file = seen ?? file;
      expect(await restarts(station, name)).toBe(1);
      expect(await answer(station, ASKING[name])).toMatchObject({ status: 0 });
      expect((await fetch(`${station.file.services[name]?.health ?? ''}/health/live`)).status).toBe(200);
    }
    expect(await stationIds(station)).toEqual(['O0013AGAIN']);
    expect(await ownCertificates(station)).toContainEqual(expect.objectContaining({ subject: 'CN=again' }));
    expect(await station.stop()).toBe(0);
    expect(await alive(processesOf(file))).toEqual([]);
  }, 120_000);

  it('goes on when it cannot write down that a service was started again', async () => {
    const data = join(folder, 'unwritable');
    const station = await start(data);
    const list = join(data, 'processes.json');
    await rm(list);
    await mkdir(list);
    kill(station.file.services['ca-store']?.process);
    await after(station, station.file, 'ca-store');
    expect(await answer(station, ASKING['ca-store'])).toMatchObject({ status: 0 });
    expect(station.console).toMatch(/could not be written down .*; the station goes on/);
    await rm(list, { recursive: true });
    expect(await station.stop()).toBe(0);
  });

  it('starts its nats-server again that is killed, on the same port, and loses nothing', async () => {
    const data = join(folder, 'bus');
    const station = await start(data);
    await station.ok('station', 'add', '--id', 'O0013AGAIN', '--password', 'AGAIN1');
    await station.ok('certificate', 'create', '--station', 'O0013AGAIN', '--subject', 'CN=first', '--self-signed');
    const [first] = await ownCertificates(station);
    expect(first).toMatchObject({ subject: 'CN=first' });
    const told = (await station.run(['events', '--json'])).out;
    expect(told.trimEnd().split('\n').length).toBeGreaterThan(1);

    let file = station.file;
    const added = ['O0013AGAIN'];
    for (const id of ['O0013SECOND', 'O0013THIRD']) {
      // The second time it dies together with a service that has to find it again.
      if (id === 'O0013THIRD') kill(file.services['cert-exchange']?.process);
      kill(file.nats.process);
      const seen = await after(station, file, 'nats');
      expect(seen?.nats.process?.pid).not.toBe(file.nats.process?.pid);
      expect(seen?.nats.url).toBe(file.nats.url);
      expect(await restarts(station, 'nats-server', added.length)).toBe(added.length);
      // Asked as a person would: again, until the services have found the bus.
      for (const words of Object.values(ASKING)) expect(await answer(station, words)).toMatchObject({ status: 0 });
      expect((await stationIds(station)).sort()).toEqual([...added].sort());
      expect(await ownCertificates(station)).toContainEqual(first);
      expect((await station.run(['events', '--json'])).out.startsWith(told)).toBe(true);
      // It is no reading copy: what is written now is kept as well.
      await station.ok('station', 'add', '--id', id, '--password', 'LATER1');
      added.push(id);
      file = (await readStationFile(dataFolder(data))) ?? file;
    }
    expect(await station.stop()).toBe(0);
    expect(await alive(processesOf(file))).toEqual([]);

    const next = await start(data);
    expect((await stationIds(next)).sort()).toEqual([...added].sort());
    expect((await next.run(['events', '--json'])).out.startsWith(told)).toBe(true);
    expect(await next.stop()).toBe(0);
  }, 120_000);

  it('stops cleanly when it is told so while it starts', async () => {
    const data = join(folder, 'hasty');
    const starting = RunningStation.start(data, [], { env });
    const nats = await eventually(
      async () => {
        const list = await readFile(join(data, 'processes.json'), 'utf8').catch(() => '{}');
        return (JSON.parse(list) as Record<string, ProcessMark | undefined>)['nats-server'];
      },
      (found) => found !== undefined,
    );
    const supervisor = Number(/"pid": ?(\d+)/.exec(await lockOf(data))?.[1]);
    process.kill(supervisor, 'SIGTERM');
    await expect(starting).rejects.toMatchObject({ ran: { status: 0 } });
    expect(await alive([nats ?? { pid: 0, started: '' }])).toEqual([]);
    expect(await readdir(data)).not.toContain('station.json');
  });

  it('refuses a port in use, in one sentence, and makes nothing', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const words = ['--data', join(folder, 'port'), 'up', '--tls-port', String(port), '--tcp-port', '0'];
    expect(await certlane(words, { env })).toEqual({
      status: 5,
      out: '',
      err: `certlane: --tls-port is '${port}': another program listens on 127.0.0.1:${port}; choose another port, or 0 for not listening\n`,
    });
    expect(await readdir(folder)).not.toContain('port');
    taken.close();
  });

  it.each([
    ['/missing/nats-server', "NATS_SERVER is '/missing/nats-server': there is no such program; correct it or unset it"],
    ['/bin/true', "'/bin/true' is no nats-server"],
    ['/', "NATS_SERVER is '/': there is no such program"],
  ])('refuses %s as nats-server and makes nothing', async (program, sentence) => {
    const ran = await certlane(['--data', join(folder, 'no-nats'), 'up', ...PORTS], { env: { NATS_SERVER: program } });
    expect(ran).toMatchObject({ status: 5, out: '' });
    expect(ran.err).toContain(`certlane: ${sentence}`);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
    expect(await readdir(folder)).not.toContain('no-nats');
  });

  it('refuses a data folder of another version and leaves it as it is', async () => {
    const data = await mkdtemp(join(folder, 'version-'));
    const content = '{"certlane":"data-folder","layout":7}';
    await writeFile(join(data, 'certlane.json'), content);
    const ran = await certlane(['--data', data, 'up', ...PORTS], { env });
    expect(ran).toEqual({
      status: 5,
      out: '',
      err: `certlane: --data is '${data}': the folder has layout version 7, this program reads version 1; use the program that made it, or another folder\n`,
    });
    expect(await readdir(data)).toEqual(['certlane.json']);
    expect(await readFile(join(data, 'certlane.json'), 'utf8')).toBe(content);
  });

  it('says when a running NATS cannot be reached', async () => {
    const ran = await certlane(['--data', join(folder, 'away'), 'up', ...PORTS, '--nats', 'nats://127.0.0.1:1'], {
      env,
    });
    expect(ran.status).toBe(7);
    expect(ran.err).toContain("certlane: --nats is 'nats://127.0.0.1:1': no NATS server answers there");
    expect(await readdir(folder)).not.toContain('away');
  });
});

/** The content of the lock in a data folder. */
async function lockOf(data: string): Promise<string> {
  const name = (await readdir(data)).find((entry) => entry.startsWith('lock.')) ?? '';
  return readFile(join(data, name), 'utf8');
}
