import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCertlane } from '@certlane/cli';
import { SfnaReason } from '@certlane/oftp2';
import { testCa, type TestIdentity } from '@certlane/pki/testing';
import { findNatsServer } from '@certlane/runtime/testing';
import { certlaneProgram, type Ran } from '../support/certlane.js';
import { eventually } from '../support/eventually.js';
import { normalEnd, ssid } from '@certlane/oftp2/testing';
import { ScriptedResponder } from '../support/oftp/index.js';
import { RunningStation } from '../support/running-station.js';

const US = 'O0013000000ACME';
const OTHER = 'O0013000000TWIN';
const THEM = 'O0177000000BETA';

const ca = testCa({ name: 'Beta' });
const ours = ca.issue({ subject: 'CN=oftp.acme.example,O=Acme,C=DE' });
const renewed = ca.renew(ours);
const theirs = ca.issue({ subject: 'CN=oftp.beta.example,O=Beta,C=DE' });

let folder: string;
let station: RunningStation;

const file = (name: string): string => join(folder, name);
const write = async (name: string, content: string | Uint8Array): Promise<void> => writeFile(file(name), content);
const openssl = (...words: string[]) => promisify(execFile)('openssl', words, { cwd: folder });

const keyPair = (name: string, { certificatePem, privateKeyPem }: TestIdentity) =>
  Promise.all([write(`${name}.pem`, certificatePem), write(`${name}.key`, privateKeyPem)]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certlane-cli-'));
  const starting = RunningStation.start(file('data'), [], { env: { NATS_SERVER: findNatsServer() } });
  await keyPair('acme', ours);
  await keyPair('renewed', renewed);
  await keyPair('beta', theirs);
  await write('authority.pem', ca.chain.map(({ der }) => pem(der)).join(''));
  await write('beta.der', theirs.certificate.der);
  await write('notes.txt', 'not a certificate');
  await write('empty', '');
  const request = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  });
  await write('other.key', request);
  await openssl(
    'pkcs12',
    '-export',
    '-in',
    'acme.pem',
    '-inkey',
    'acme.key',
    '-out',
    'acme.p12',
    '-passout',
    'pass:geheim12',
  );
  await openssl('req', '-new', '-key', 'acme.key', '-subj', '/CN=a', '-out', 'acme.csr');
  station = await starting;
  const run = (line: string) => station.ok(...line.split(' '));
  await run(`station add --id ${US} --password Q7ACMEQ7 --host localhost`);
  await run(`certificate import --station ${US} --cert ${file('acme.pem')} --key ${file('acme.key')}`);
  await run(`certificate import --station ${US} --cert ${file('renewed.pem')} --key ${file('renewed.key')}`);
  await run(`certificate activate ${ours.certificate.fingerprint} --station ${US} --usage all`);
  await run(`issuer add ${file('authority.pem')}`);
  await run(
    `partner add --station ${US} --id ${THEM} --password W3BETAW3 --host localhost --port 1 --acx --secure-authentication`,
  );
  await run(
    `partner identify ${THEM} --subject oftp.beta.example --issuer ${ca.authority.certificate.fingerprint} --usage all`,
  );
}, 120_000);

afterAll(async () => {
  await station.stop();
  await rm(folder, { recursive: true, force: true });
});

function pem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** Runs a command line in this process: the table has too many rows for a process each. */
async function inProcess(words: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await runCertlane(['--data', station.data, ...words], {
    out: (text) => void out.push(`${text}\n`),
    err: (text) => void err.push(`${text}\n`),
    colours: false,
    interactive: false,
    env: {},
    workingFolder: folder,
    readInput: () => Promise.resolve(''),
  });
  return { status, out: out.join(''), err: err.join('') };
}

/** Everything the station knows, as the command line shows it. */
async function knowledge(): Promise<string[]> {
  const lines = [
    'station list',
    `certificate list --station ${US}`,
    'issuer list',
    'partner list',
    `partner show ${THEM}`,
  ];
  const all = await Promise.all(
    [...lines, 'exchange list', 'events'].map((line) => inProcess(['--json', ...line.split(' ')])),
  );
  return all.map(({ out }) => out);
}

/** What `send --json` prints. */
interface Sent {
  readonly exchanges: { readonly id: string; readonly state: string }[];
  readonly outcomes: { readonly exchange: string; readonly outcome: string; readonly sentence: string }[];
}

/** The sentence about an exchange whose partner was called in vain. */
const NOT_REACHED =
  /^queued: not delivered yet \(.*at [\d :Z-]+\): .*nobody listens there.*; (?:tried again at [\d :Z-]+|being tried again now)/;

/** A row: the command line (`@name` is a file), its exit status, what the one sentence on standard error says. */
type Row = readonly [line: string, status: number, sentence: string];

const badOdetteIds: Row[] = [
  ['station add --id o0013acme --password A', 2, "--id is 'o0013acme': an Odette ID holds A-Z, 0-9"],
  ['station add --id O0013_ACME --password A', 2, "--id is 'O0013_ACME': an Odette ID holds A-Z, 0-9"],
  [
    `station add --id ${'A'.repeat(26)} --password A`,
    2,
    `--id is '${'A'.repeat(26)}': an Odette ID has 25 characters at most`,
  ],
  [`partner add --station ${US} --id o0177 --password A`, 2, "--id is 'o0177': an Odette ID holds A-Z, 0-9"],
  ['partner add --station acme --id O0177 --password A', 2, "--station is 'acme': an Odette ID holds A-Z, 0-9"],
  ['partner show beta', 2, "PARTNER is 'beta': an Odette ID holds A-Z, 0-9"],
  ['exchange list --partner beta', 2, "--partner is 'beta': an Odette ID holds A-Z, 0-9"],
  ['events --partner beta', 2, "--partner is 'beta': an Odette ID holds A-Z, 0-9"],
];
const badPasswords: Row[] = [
  [
    `station add --id ${OTHER} --password 123456789`,
    2,
    '--password: the password given has 9 octets, but SSIDPSWD takes 1 to 8',
  ],
  [`station add --id ${OTHER} --password lower`, 2, '--password: the password given holds other characters than A-Z'],
  [`station add --id ${OTHER}`, 2, '--password: a station needs the password it sends'],
  [`partner add --station ${US} --id O0177 --password 123456789`, 2, '--password: the password given has 9 octets'],
  [
    `partner add --station ${US} --id O0177 --password A --our-password 123456789`,
    2,
    '--our-password: the password given has 9 octets',
  ],
  [`partner set ${THEM} --password 123456789`, 2, '--password: the password given has 9 octets'],
  [`partner set ${THEM} --password-file @missing`, 2, 'no such file; name a file whose first line is the password'],
];
const badNames: Row[] = [
  [`certificate create --station ${US} --subject acme --self-signed`, 2, "--subject is 'acme': the distinguished name"],
  [
    `certificate create --station ${US} --subject XX=acme --self-signed`,
    2,
    "--subject is 'XX=acme': the distinguished name has the unknown attribute",
  ],
  [
    `certificate create --station ${US} --subject CN=a,O --self-signed`,
    2,
    "--subject is 'CN=a,O': the distinguished name",
  ],
  [
    `partner identify ${THEM} --subject CN= --issuer Beta --usage all`,
    2,
    "--subject is 'CN=': the name holds nothing, or an attribute without a value",
  ],
  [
    `partner identify ${THEM} --subject CN=a,,O=b --issuer Beta --usage all`,
    2,
    "--subject is 'CN=a,,O=b': the distinguished name",
  ],
];
const badIssuers: Row[] = [
  [
    `partner identify ${THEM} --subject oftp --issuer Nobody --usage all`,
    3,
    "--issuer is 'Nobody': it is not installed; install it first with: certlane issuer add",
  ],
  [
    `partner identify ${THEM} --subject oftp --issuer abcdef123456 --usage all`,
    3,
    "--issuer is 'abcdef123456': no such issuer",
  ],
  [
    `partner identify ${THEM} --subject oftp --issuer abc --usage all`,
    2,
    "--issuer is 'abc': give at least 6 characters",
  ],
  ['issuer remove Nobody', 3, "ID is 'Nobody': it is not installed"],
  ['issuer add @beta.pem', 2, 'cannot be an issuer: it is not the certificate of an authority'],
];
const badFiles: Row[] = [
  ['issuer add @notes.txt', 2, 'the file is no certificate (DER, PEM or certificates-only CMS)'],
  ['issuer add @empty', 2, 'the file is empty; a certificate is wanted'],
  ['issuer add @missing.pem', 2, 'no such file; name a file that exists and may be read'],
  ['issuer add @.', 2, 'this is a folder; name a file'],
  [
    'issuer add @authority.pem @acme.key',
    2,
    'the file is a private key, which must never be given away; give the certificate',
  ],
  ['issuer add @acme.p12', 2, 'the file is a PKCS#12 file with a private key; give the certificate alone'],
  ['issuer add @acme.csr', 2, 'the file is a certification request; give the certificate the authority issued'],
  [
    `partner certificate add ${THEM} @beta.key --usage all`,
    2,
    'the file is a private key, which must never be given away',
  ],
  [
    `partner certificate add ${THEM} @authority.pem --usage all`,
    2,
    'the file holds 2 certificates where one is wanted',
  ],
  [`partner certificate add ${THEM} @notes.txt --usage all`, 2, 'the file is no certificate'],
  [`partner certificate add ${THEM} @beta.pem`, 2, '--usage: say what for: all, or some of tls'],
  [`partner certificate add ${THEM} @beta.pem --usage ssl`, 2, "--usage is 'ssl': choose all, or some of tls"],
];
const badImports: Row[] = [
  [
    `certificate import --station ${US} @acme.p12 --password wrong`,
    2,
    "acme.p12': the password does not open the file; give the right one with --password",
  ],
  [`certificate import --station ${US} @acme.p12`, 2, "acme.p12': the file is protected with a password; give it with"],
  [
    `certificate import --station ${US} @notes.txt --password geheim12`,
    2,
    "notes.txt': the PKCS#12 file cannot be read",
  ],
  [`certificate import --station ${US} --cert @acme.key --key @acme.key`, 2, 'the file is a private key'],
  [
    `certificate import --station ${US} --cert @acme.pem --key @acme.pem`,
    2,
    "acme.pem': the file holds CERTIFICATE where a private key is wanted",
  ],
  [
    `certificate import --station ${US} --cert @acme.pem --key @other.key`,
    2,
    "other.key': the private key does not belong to the certificate",
  ],
  [`certificate import --station ${US} --cert @beta.pem`, 5, 'no key made at station'],
  [
    `certificate import --station ${US} @acme.p12 --key @acme.key`,
    2,
    '--key: a PKCS#12 file brings key and chain along; leave it out',
  ],
];
const badReferences: Row[] = [
  ['partner show O0000', 3, "PARTNER is 'O0000': no such partner; certlane partner list shows what there is"],
  ['send O0000 deliver', 3, "PARTNER is 'O0000': no such partner"],
  [`send ${THEM} sideways`, 2, "KIND is 'sideways': choose one of deliver, request, replace"],
  [
    `send ${THEM} deliver --certificate abcdef12`,
    3,
    `--certificate is 'abcdef12': no such certificate of station ${US}`,
  ],
  [`certificate activate abcdef12 --station ${US} --usage all`, 3, "CERTIFICATE is 'abcdef12': no such certificate"],
  [`certificate activate abc --station ${US} --usage all`, 2, "CERTIFICATE is 'abc': give at least 6 characters"],
  ['certificate list --station O0000', 3, 'O0000'],
  ['exchange show nothing', 3, "ID is 'nothing': no such exchange"],
  [`partner certificate remove ${THEM} abcdef12`, 3, `no such certificate of ${THEM} on file`],
  [`partner unidentify ${THEM} abcdef12`, 3, 'no such identification entry'],
  [`station add --id ${US} --password Q7ACMEQ7 --host localhost`, 4, US],
  [`partner add --station ${US} --id ${THEM} --password W3BETAW3`, 4, THEM],
  [`partner add --station O0000 --id O0177 --password A`, 3, 'O0000'],
];
const badAddresses: Row[] = [
  [
    `partner add --station ${US} --id O0177 --password A --host localhost --port 0`,
    2,
    "--port is '0': a port is a number from 1 to 65535",
  ],
  [
    `partner add --station ${US} --id O0177 --password A --host localhost --port 65536`,
    2,
    "--port is '65536': a port is",
  ],
  [
    `partner add --station ${US} --id O0177 --password A --host http://beta`,
    2,
    "--host is 'http://beta': a host is a DNS name or an IP address",
  ],
  [`partner add --station ${US} --id O0177 --password A --port 6619`, 2, '--host: say where to reach the partner too'],
  [`partner set ${THEM} --port https`, 2, "--port is 'https': a port is"],
  [`partner set ${THEM}`, 2, 'nothing to change was named'],
];

async function refused([line, status, sentence]: Row): Promise<void> {
  const words = line.split(' ').map((word) => (word.startsWith('@') ? file(word.slice(1)) : word));
  const ran = await inProcess(words);
  const err = expect.stringContaining(sentence) as unknown;
  expect({ line, ...ran }).toEqual({ line, status, out: '', err });
  expect(ran.err).toMatch(/^certlane: [^\n]+\n$/);
  expect(ran.err).not.toMatch(/123456789|geheim12|W3BETAW3|undefined|\[object/);
}

describe('bad input gets one clear sentence and changes nothing', () => {
  it.each([
    ['Odette IDs', badOdetteIds],
    ['passwords', badPasswords],
    ['distinguished names', badNames],
    ['issuers', badIssuers],
    ['files', badFiles],
    ['imports', badImports],
    ['references', badReferences],
    ['addresses', badAddresses],
  ] as const)(
    '%s',
    async (_what, rows) => {
      const before = await knowledge();
      for (const row of rows) await refused(row);
      expect(await knowledge()).toEqual(before);
    },
    120_000,
  );
});

describe('what a person reads', () => {
  const shown = async (line: string, env: Record<string, string> = {}) =>
    (await station.run(line.split(' '), { env })).out;

  it('sets identification entries apart from certificates on file, and says what serves each usage', async () => {
    const waiting = await shown(`partner show ${THEM}`);
    expect(waiting).toMatch(/Trust bypass +open: nothing is on file for session authentication/);
    expect(waiting).toMatch(/Identification entries .*\n.*ENTRY +SUBJECT +ISSUER +FOR/);
    expect(waiting).toMatch(/◇ +\w+ +CN=oftp\.beta\.example +CN=Beta OFTP2 CA,.* all/);
    expect(waiting).toMatch(/Certificates on file\n +none/);
    expect(waiting).toMatch(/session-authentication +nothing/);
    expect(waiting).not.toContain('\u001b');

    await station.ok('partner', 'certificate', 'add', THEM, file('beta.der'), '--usage', 'session-authentication,tls');
    const known = await shown(`partner show ${THEM}`);
    const id = theirs.certificate.fingerprint.slice(0, 12);
    expect(known).toMatch(/Trust bypass +closed: a certificate for session authentication is on file/);
    expect(known).toMatch(new RegExp(`◆ +${id} .* current +tls, session-authentication +by hand`));
    expect(known).toMatch(new RegExp(`session-authentication +${id}`));
    expect(known).toMatch(/file-encryption +nothing/);

    const removed = await shown(`partner certificate remove ${THEM} ${id}`);
    expect(removed).toContain('the bypass is open again');
  }, 60_000);

  it('is one JSON document for machines, whatever the command', async () => {
    const lines = [
      'station list',
      `station show ${US}`,
      `certificate list --station ${US}`,
      'issuer list',
      'partner list',
      `partner show ${THEM}`,
      `partner certificate list ${THEM}`,
      'exchange list',
    ];
    for (const line of lines) {
      const { out, status } = await station.run(['--json', ...line.split(' ')]);
      expect({ line, status, lines: out.trimEnd().split('\n').length }).toEqual({ line, status: 0, lines: 1 });
      expect(JSON.parse(out)).toBeInstanceOf(Object);
      expect(out).not.toMatch(/"sealed|certlane\.(?:sealed|box)|Q7ACMEQ7|W3BETAW3/);
    }
  }, 60_000);

  it('names the code of an error for machines beside the sentence for people', async () => {
    const { out, err, status } = await station.run(['--json', 'partner', 'show', 'O0000']);
    expect(status).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'not-found', details: { field: 'PARTNER' } } });
    expect(err).toMatch(/^certlane: PARTNER is 'O0000': no such partner/);
  });
});

describe('what can be done', () => {
  it('imports PKCS#12 with its password from a file or standard input, and chooses the one meant by a few characters', async () => {
    const run = (line: string, input = '') => station.run(line.split(' '), { input });
    expect(await run(`station add --id ${OTHER} --password-file -`, 'TWIN1\n')).toMatchObject({ status: 0 });
    await write('p12.pass', 'geheim12\n');
    const imported = await run(
      `certificate import --station ${OTHER} ${file('acme.p12')} --password-file ${file('p12.pass')}`,
    );
    expect(imported).toMatchObject({ status: 0, err: '' });
    expect(imported.out).toContain(ours.certificate.fingerprint);
    const few = ours.certificate.fingerprint.slice(0, 6);
    expect(
      (await run(`certificate activate ${few} --station ${OTHER} --usage tls,session-authentication`)).status,
    ).toBe(0);
    expect((await run(`certificate list --station ${OTHER}`)).out).toMatch(/tls, session-authentication/);
    const several = await run(`certificate list`);
    expect(several).toMatchObject({ status: 2, out: '' });
    expect(several.err).toContain(`--station: name one of the stations ${US}, ${OTHER}`);
  }, 60_000);

  it('asks which station is meant where several have the partner', async () => {
    expect(
      (await station.run(['partner', 'add', '--station', OTHER, '--id', THEM, '--password', 'W4BETAW4'])).status,
    ).toBe(0);
    const asked = await station.run(['partner', 'show', THEM]);
    expect(asked).toMatchObject({ status: 2, out: '' });
    expect(asked.err).toContain(
      `PARTNER is '${THEM}': the stations ${US}, ${OTHER} have this partner; name one with --station`,
    );
    expect((await station.run(['partner', 'show', THEM, '--station', OTHER])).status).toBe(0);
    expect((await station.run(['partner', 'remove', THEM, '--station', OTHER])).status).toBe(0);
  }, 60_000);

  it('makes certificates and requests, and keeps no key when the file for the request cannot be made', async () => {
    const keys = async () =>
      (await station.ok<{ pendingKeys: unknown[] }>('certificate', 'list', '--station', US)).pendingKeys.length;
    const before = await keys();
    const create = (...words: string[]) =>
      station.run(['certificate', 'create', '--station', US, '--subject', 'CN=oftp.acme.example', ...words]);
    expect((await create('--csr', file('acme.pem'))).err).toContain(
      "acme.pem': the file exists already; name a new file",
    );
    expect((await create('--csr', file('missing/acme.csr'))).err).toContain('the file cannot be made there');
    expect(await keys()).toBe(before);
    expect((await create('--csr', '-')).out).toMatch(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[^]*-----END CERTIFICATE REQUEST-----\n$/,
    );
    expect(await keys()).toBe(before + 1);
    expect((await create('--self-signed', '--days', '30')).out).toMatch(/Self-signed certificate made:\nFingerprint/);
  }, 60_000);

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
      3_000,
    );
    expect(last).toMatch(/partner\.changed +settings of O0177000000PICKY changed: acx/);
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  }, 60_000);
});

describe('what the station keeps', () => {
  it('holds no private key and no password but sealed, nor do its logs', async () => {
    const { data } = station;
    const entries = await readdir(data, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(data, 'secrets')))
      .map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map(async (path) => ({ path, octets: await readFile(path) })));
    // The store is among them: a certificate of ours is found, so a key would be.
    const certificate = Buffer.from(ours.certificate.der).toString('base64');
    expect(contents.filter(({ octets }) => octets.includes(certificate)).map(({ path }) => path)).not.toEqual([]);
    const { d = '', p = '' } = ours.privateKey.export({ format: 'jwk' });
    const secrets = ['Q7ACMEQ7', 'W3BETAW3', 'geheim12', 'PRIVATE KEY', ...[d, p].flatMap(inEveryForm)];
    for (const { path, octets } of contents) {
      expect({ path, found: secrets.filter((secret) => octets.includes(secret)) }).toEqual({ path, found: [] });
    }
  });
});

/** A number of the key as it could lie somewhere: octets, hex, base64 at each of the three places in a group of four. */
function inEveryForm(base64url: string): (string | Buffer)[] {
  const octets = Buffer.from(base64url, 'base64url');
  const shifted = [0, 1, 2].map((skip) => octets.subarray(skip, skip + 48).toString('base64'));
  return [octets, octets.toString('hex'), ...shifted];
}
