import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { exchangeRequests, type Approval, type Exchange } from '@certlane/contracts';
import type { TestIdentity } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certlaneProgram } from '../support/certlane.js';
import { eventually } from '../support/eventually.js';
import { Operator } from '../support/operator.js';
import type { RunningStation } from '../support/running-station.js';
import { ca, CliOffice, theirs, THEM, US } from './cli-office.js';

let office: CliOffice;
let station: RunningStation;
let operator: Operator;
const PLANT = 'O0177000000PLANT';

beforeAll(async () => {
  office = await CliOffice.open();
  ({ station } = office);
  operator = await Operator.of(station);
}, 120_000);

afterAll(async () => {
  await operator.close();
  await office.close();
});

let files = 0;

/** A certificate file as the gateway hands it over, so that no partner has to be played; the id of its exchange. */
async function receive({ certificate }: TestIdentity, originator = THEM): Promise<string> {
  files += 1;
  const { exchange } = await operator.bus.request(exchangeRequests.certificateReceive, {
    session: 'test',
    station: US,
    partner: THEM,
    mode: 'full',
    file: {
      datasetName: 'ODETTE_CERTIFICATE_DELIVER',
      date: '20261123',
      time: String(files).padStart(10, '0'),
      originator,
      destination: US,
    },
    description: '',
    octets: Buffer.from(certificate.der).toString('base64'),
  });
  return exchange;
}

/** Our answer goes out, as in a session. */
async function hand(exchange: string): Promise<void> {
  await operator.bus.request(exchangeRequests.outboxSettle, {
    session: 'test',
    station: US,
    partner: THEM,
    exchange,
    item: 'answer',
    fate: { type: 'delivered' },
  });
}

const waiting = async (): Promise<Approval[]> =>
  (await station.ok<{ approvals: Approval[] }>('approval', 'list')).approvals;
const state = async (id: string): Promise<string> =>
  (await station.ok<{ exchange: Exchange }>('exchange', 'show', id)).exchange.state;

describe('what would become of a certificate', () => {
  it('is said without any effect, with every check, the match and the answer', async () => {
    const before = await office.run('--json exchange list');
    const accepted = await office.run(`decide --partner ${THEM} --certificate @beta.pem`);
    expect(accepted).toMatchObject({ status: 0, err: '' });
    expect(accepted.out).toMatch(
      new RegExp(
        `^If ${THEM} sent this now \\(in the bypass, where .*; nothing was changed\\)\nOutcome +accepted$`,
        'm',
      ),
    );
    expect(accepted.out).toMatch(/^Known by +identification entry: /m);
    expect(accepted.out).toMatch(/^What it would get\n {2}EERP: taken over$/m);

    const refused = await office.run(`decide --partner ${THEM} --certificate @notes.txt`);
    expect(refused.status).toBe(10);
    expect(refused.out).toMatch(/^Outcome +refused \(unreadable\)$/m);
    expect(refused.out).toMatch(/^ {2}NERP: .+$/m);

    const unexpected = await office.run(`decide --partner ${THEM} --certificate @acme.pem`);
    expect(unexpected).toMatchObject({ status: 10, out: expect.stringMatching(/^Outcome +refused \(no-match\)$/m) });
    const held = await office.run(`decide --partner ${THEM} --certificate @acme.pem --mode full`);
    expect(held.status).toBe(11);
    expect(held.out).toMatch(/^Outcome +held \(no-match\): waits for a person$/m);
    expect(held.out).toMatch(/^ {2}nothing before a person has decided$/m);
    expect(await office.run('--json exchange list')).toEqual(before);
  });

  it('is said of the session in which the partner could send it now, unless another is asked about', async () => {
    const told = async (...more: string[]) => {
      const words = ['decide', '--partner', THEM, '--certificate', '@beta.pem', ...more];
      const { session } = JSON.parse((await office.run(['--json', ...words])).out) as { session: unknown };
      return { session, text: (await office.run(words)).out.split('\n')[0] };
    };
    const bypass = {
      session: { mode: 'exchange-only', secureAuthentication: false },
      text: `If ${THEM} sent this now (in the bypass, where nobody has proven who is there; nothing was changed)`,
    };
    const secure = {
      session: { mode: 'full', secureAuthentication: true },
      text: `If ${THEM} sent this now (in a session with secure authentication; nothing was changed)`,
    };
    expect(await told()).toEqual(bypass);
    expect(await told('--mode', 'full')).toEqual(secure);
    await station.ok('partner', 'set', THEM, '--no-secure-authentication');
    expect(await told()).toEqual({
      session: { mode: 'full', secureAuthentication: false },
      text: `If ${THEM} sent this now (in a session without secure authentication, which is off for it; nothing was changed)`,
    });
    await station.ok('partner', 'set', THEM, '--secure-authentication');
    const add = ['partner', 'certificate', 'add', THEM, office.file('beta.pem'), '--usage', 'session-authentication'];
    await station.ok(...add);
    expect(await told()).toEqual(secure);
    expect(await told('--mode', 'exchange-only')).toEqual(bypass);
    await station.ok('partner', 'certificate', 'remove', THEM, office.file('beta.pem'));
    expect(await told()).toEqual(bypass);
  });
});

describe('approvals', () => {
  it('wait with their reason, and are accepted with what nothing said', async () => {
    const other = ca.issue({ subject: 'CN=other.beta.example,O=Beta,C=DE' });
    const id = await receive(other);
    await eventually(waiting, (approvals) => approvals.some((one) => one.id === id));
    expect((await office.run('approval list')).out).toMatch(
      new RegExp(`${id} .* ${THEM} +deliver +\\w{12} +CN=other\\.beta\\.example.* no-match`),
    );
    const shown = await office.run(`approval show ${id}`);
    expect(shown.out).toContain(`certlane approval accept ${id} --usage USAGES [--follows CERTIFICATE]`);
    expect(shown.out).toMatch(/^ {2}Outcome +held \(no-match\): waits for a person$/m);
    const exchange = await office.run(`exchange show ${id}`);
    expect(exchange.out).toMatch(/^State +held$/m);
    expect(exchange.out).toContain(`certlane approval reject ${id} --reason TEXT`);

    expect(await office.run(`approval accept ${id}`)).toMatchObject({ status: 5, out: '' });
    const note = 'compared by telephone';
    const accepted = await office.run(['approval', 'accept', id, '--usage', 'file-signature', '--note', note]);
    expect(accepted).toMatchObject({ status: 0, err: '' });
    expect(await state(id)).toBe('accepted');
    const record = await office.run(`exchange show ${id}`);
    expect(record.out).toMatch(/^ {2}Note +compared by telephone$/m);
    expect(record.out).toMatch(/^ {2}Decided +.* by operator:/m);
    const again = await office.run(`approval show ${id}`);
    expect(again).toMatchObject({ status: 0, err: '' });
    expect(again.out).toMatch(/^Decided +accepted by operator:\S+ on \S+ \S+Z$/m);
    expect(again.out).toMatch(/^Note +compared by telephone$/m);
    expect(again.out).toMatch(/^Next +EERP goes out in the next session$/m);
    expect((await office.run('approval list')).out).toMatch(
      new RegExp(`${id} .* accepted by operator:\\S+ on .*; EERP goes out in the next session$`, 'm'),
    );
    // What is over is told where exchanges are.
    await hand(id);
    const over = await office.run(`approval show ${id}`);
    expect(over).toMatchObject({ status: 5, out: '' });
    expect(over.err).toMatch(/: this waits for nobody, it is accepted by operator:\S+ on \S+ \S+Z \(taken over: /);
    expect((await office.run('approval list')).out).not.toContain(id);
  });

  it('are rejected with a reason that the partner reads', async () => {
    const id = await receive(ca.issue({ subject: 'CN=third.beta.example,O=Beta,C=DE' }));
    await eventually(waiting, (approvals) => approvals.some((one) => one.id === id));
    const rejected = await office.run(['approval', 'reject', id.slice(0, -2), '--reason', 'not announced']);
    expect(rejected).toMatchObject({ status: 0, err: '' });
    expect(await state(id)).toBe('refused');
    expect((await office.run(`exchange show ${id}`)).out).toContain('not announced');
    const again = await office.run(`approval reject ${id} --reason again`);
    expect(again).toMatchObject({ status: 0, out: expect.stringContaining('): refused: ') as unknown });
    const changed = await office.run(`approval accept ${id}`);
    expect(changed).toMatchObject({ status: 5, out: '' });
    expect(changed.err).toMatch(/^certlane: ID: exchange in-\w+ waits for no person: it is refused by operator:/);
  });

  it('take another person than the one who entered what to expect, where two are asked for', async () => {
    await station.ok('partner', 'set', THEM, '--two-person', '--acceptance', 'manual');
    const id = await receive(theirs);
    await eventually(waiting, (approvals) => approvals.some((one) => one.id === id));
    const refused = await office.run(`approval accept ${id}`);
    expect(refused).toMatchObject({ status: 5, out: '' });
    expect(refused.err).toMatch(
      new RegExp(
        `: operator:\\S+ entered identification entry \\w+ \\('CN=oftp.beta.example'\\), so another person must .* --actor NAME`,
      ),
    );
    // Neither is whoever switches that off now a second person, nor whoever says it otherwise.
    expect((await office.run(`partner set ${THEM} --no-two-person`)).out).toContain(
      'approvals by anybody from now on; what waits already keeps its rule',
    );
    expect(await office.run(`approval accept ${id}`)).toMatchObject({ status: 5, out: '', err: refused.err });
    expect(await office.run(`approval accept ${id} --usage tls`)).toMatchObject({
      status: 5,
      out: '',
      err: refused.err,
    });
    expect((await office.run(`approval show ${id}`)).out).toMatch(
      /^Not to accept it +operator:\S+ \(entered the identification data\)$/m,
    );
    expect(await office.run(`--actor bert approval accept ${id}`)).toMatchObject({ status: 0 });
    await station.ok('partner', 'set', THEM, '--no-two-person', '--acceptance', 'known');
  });
});

describe('partners', () => {
  it('show how far they are trusted, and what they were set to', async () => {
    const set = await office.run(
      `partner set ${THEM} --revocation fail --self-signed renewal --weak-keys --bypass-days 7 --bypass-attempts 3 --bypass-address 192.0.2.0/24`,
    );
    expect(set.out).toContain('bypass: 7 days; 3 sessions; from 192.0.2.0/24');
    const { out } = await office.run(`partner show ${THEM}`);
    expect(out).toMatch(/^Acceptance +known: renewals, and what an identification entry expects$/m);
    expect(out).toMatch(/^Revocation +fail: /m);
    expect(out).toMatch(/^Weak keys +taken over all the same$/m);
    expect(out).toMatch(/^Bypass limits +7 days; 3 sessions; from 192\.0\.2\.0\/24$/m);
    await station.ok('partner', 'set', THEM, '--bypass-days', 'none', '--bypass-address', 'any', '--no-weak-keys');
    expect((await office.run(`partner show ${THEM}`)).out).toMatch(
      /^Bypass limits +no end; 3 sessions; from anywhere$/m,
    );
  });

  it('have sub-stations without sessions of their own', async () => {
    const added = await office.run(`partner add --id ${PLANT} --via ${THEM} --acx`);
    expect(added.out).toMatch(new RegExp(`^Sub-station ${PLANT} of partner ${THEM} of station ${US} added\\.`));
    expect((await office.run(`partner show ${PLANT}`)).out).toMatch(
      new RegExp(`^Sub-station +its files come and go in the sessions of ${THEM}$`, 'm'),
    );
    expect((await office.run(`partner show ${THEM}`)).out).toMatch(new RegExp(`^Sub-stations +${PLANT}$`, 'm'));
    expect((await office.run('partner list')).out).toMatch(
      new RegExp(`^${PLANT} +${US} +via ${THEM} +on +- +0 +0 +- `, 'm'),
    );
    expect((await office.run(`partner show ${PLANT}`)).out).not.toContain('Bypass limits');
    const refused = await office.run(`partner set ${PLANT} --secure-authentication`);
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain('--secure-authentication: ');
    const limited = await office.run(`partner set ${PLANT} --bypass-days 3 --challenge-cipher 3des`);
    expect(limited).toMatchObject({ status: 2, out: '' });
    expect(limited.err).toContain('--challenge-cipher, --bypass-days: a sub-station has no sessions of its own');
    expect(await office.run(`partner remove ${THEM}`)).toMatchObject({ status: 5, out: '' });
  });

  it('have exchanges of their sub-stations among theirs, which can be listed alone', async () => {
    const id = await receive(ca.issue({ subject: 'CN=plant.beta.example' }), PLANT);
    const rows = async (partner: string) =>
      (await office.run(`exchange list --partner ${partner}`)).out.split('\n').slice(1, -1);
    expect(await rows(PLANT)).toEqual([expect.stringMatching(new RegExp(`^${id} .* ${PLANT} via ${THEM} +deliver `))]);
    const all = await rows(THEM);
    expect(all[0]).toContain(`${id} `);
    expect(all.length).toBeGreaterThan(1);
    expect((await office.run(`exchange show ${id}`)).out).toMatch(
      new RegExp(`^Partner +${THEM}\nSub-station +${PLANT}$`, 'm'),
    );
  });

  it('get their bypass back with a reason, after a question', async () => {
    await station.ok(
      'partner',
      'certificate',
      'add',
      THEM,
      office.file('beta.pem'),
      '--usage',
      'session-authentication',
    );
    const reopen = ['partner', 'bypass', 'reopen', THEM, '--reason', 'key lost'];
    const refused = await office.run(reopen);
    expect(refused).toMatchObject({ status: 5, out: '' });
    expect(refused.err).toContain(`these certificates of ${THEM} no longer serve session authentication then`);
    const reopened = await office.run([...reopen, '--yes']);
    expect(reopened.out).toMatch(new RegExp(`^The bypass of ${THEM} is open again, without an end`));
    expect((await office.run(`partner show ${THEM}`)).out).toMatch(/^Trust bypass +open: nothing is on file/m);
    expect((await office.run('events')).out).toMatch(
      /bypass\.reopened .*, reopened by operator:\S+: key lost; out of use/,
    );
  });
});

describe('the audit', () => {
  it('says who did what and why, of one partner or of all, and is whole', async () => {
    const all = await office.run('audit');
    expect(all).toMatchObject({ status: 0, err: '' });
    const about = await office.run(`audit --partner ${THEM} --details`);
    expect(about.out).toMatch(/partner-registry .* done .* operator:\S+: .*: key lost/);
    expect(about.out.split('\n').length).toBeLessThan(all.out.split('\n').length * 3);
    const times = all.out
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 20));
    expect(times).toEqual(times.toSorted());
    for (const service of ['partner-registry', 'cert-exchange', 'ca-store']) expect(all.out).toContain(service);

    const noted = await office.run('--json audit verify');
    expect(noted.status).toBe(0);
    await writeFile(office.file('noted.json'), noted.out);
    await station.ok('partner', 'set', THEM, '--no-weak-keys');
    const whole = await office.run('audit verify --against @noted.json');
    expect(whole.status).toBe(0);
    expect(whole.out.match(/ yes +-/g)).toHaveLength(3);
    expect(whole.out).toMatch(/^Everything that .*noted\.json notes is still there, unchanged\.$/m);
    await writeFile(
      office.file('other.json'),
      noted.out.replace(/"hash":"\w/g, '"hash":"e').replace(/"hash":"e0/g, '"hash":"f0'),
    );
    const other = await office.run('audit verify --against @other.json');
    expect(other.status).toBe(10);
    expect(other.out).toMatch(/ no +entry \d+, altered: /);
    expect(other.out).toMatch(/^Somebody has changed the store past the service, or it is damaged: /m);
    expect(other.out).not.toContain('is still there');
  });

  it('can be followed', async () => {
    const words = ['--data', station.data, '--json', 'audit', '--follow', '--partner', THEM];
    const child = spawn(process.execPath, [...certlaneProgram, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const acts: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => acts.push(line));
    await eventually(
      () => acts.length,
      (count) => count > 0,
    );
    const before = acts.length;
    await office.run(`--actor carla partner set ${THEM} --revocation warn`);
    await eventually(
      () => acts.slice(before),
      (seen) => seen.some((line) => line.includes('"operator:carla"')),
    );
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  }, 60_000);
});
