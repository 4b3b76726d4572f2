import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { Host, commandPath } from './commands/host.js';
import { certlaneProgram, runCertlane } from './program.js';
import { fakeTerminal } from './testing/fake-terminal.js';
import { inTemporaryFolder } from './testing/temporary-folder.js';

const leaves = (command: Command): Command[] =>
  command.commands.length === 0
    ? [command]
    : [...(command.name() === 'audit' ? [command] : []), ...command.commands.flatMap((child) => leaves(child))];

const commands = leaves(certlaneProgram(new Host(fakeTerminal()))).map((command) => commandPath(command));

describe('the command line', () => {
  it('has every command of the manual', () => {
    expect(commands.map((path) => path.replace(/^certlane /, ''))).toEqual([
      'up',
      'station add',
      'station list',
      'station show',
      'certificate create',
      'certificate import',
      'certificate list',
      'certificate activate',
      'issuer add',
      'issuer list',
      'issuer show',
      'issuer remove',
      'tsl add',
      'tsl set',
      'tsl list',
      'tsl show',
      'tsl refresh',
      'tsl import',
      'tsl remove',
      'tsl signer stage',
      'tsl signer confirm',
      'crl list',
      'crl refresh',
      'crl import',
      'crl remove',
      'validate',
      'partner add',
      'partner set',
      'partner list',
      'partner show',
      'partner remove',
      'partner identify',
      'partner unidentify',
      'partner certificate add',
      'partner certificate list',
      'partner certificate remove',
      'partner bypass reopen',
      'send',
      'exchange list',
      'exchange show',
      'approval list',
      'approval show',
      'approval accept',
      'approval reject',
      'decide',
      'events',
      'audit',
      'audit verify',
    ]);
  });

  it.each(commands)('explains %s with an example that begins with its name', async (path) => {
    const terminal = fakeTerminal();
    const status = await runCertlane([...path.split(' ').slice(1), '--help'], terminal);
    const help = terminal.printed.join('\n');
    expect(status).toBe(0);
    expect(terminal.complaints).toEqual([]);
    expect(help).toContain(`Usage: ${path} `);
    expect(help).toMatch(new RegExp(`Examples?:\n  ${path}(?: |$)`, 'm'));
    expect(help).toContain('--json');
    expect(help).toContain('--data <DIR>');
  });

  it.each(commands)('says once what the exit status of %s means', async (path) => {
    const terminal = fakeTerminal();
    await runCertlane([...path.split(' ').slice(1), '--help'], terminal);
    const help = terminal.printed.join('\n');
    expect(help.match(/exit status/gi)).toHaveLength(1);
    expect(help).toMatch(/^Exit status: 0.*?\. The others: certlane --help\.$/ms);
  });

  it('says of each command with an exit status of its own what it means', async () => {
    const own: string[] = [];
    for (const path of commands) {
      const terminal = fakeTerminal();
      await runCertlane([...path.split(' ').slice(1), '--help'], terminal);
      if (!terminal.printed.join('\n').includes('Exit status: 0 when done.')) own.push(path);
    }
    expect(own.map((path) => path.replace(/^certlane /, ''))).toEqual([
      'tsl add',
      'tsl set',
      'tsl refresh',
      'crl refresh',
      'crl import',
      'validate',
      'send',
      'approval accept',
      'decide',
      'audit verify',
    ]);
  });

  it.each([
    [
      'partner add --id O1 --pasword X',
      "unknown option '--pasword' (Did you mean --password?); see certlane partner add --help",
    ],
    ['station add', "required option '--id <ODETTE-ID>' not specified; see certlane station add --help"],
    ['station ad', "unknown command 'ad' (Did you mean add?); see certlane station --help"],
    ['send O1', "missing required argument 'KIND'; see certlane send --help"],
    [
      'exchange show a b',
      "too many arguments for 'show': expected 1 argument but got 2; see certlane exchange show --help",
    ],
    ['approval reject in-1', "required option '--reason <TEXT>' not specified; see certlane approval reject --help"],
    ['audit verfy', "'certlane audit' has no command 'verfy', only 'certlane audit verify'; see certlane audit --help"],
    [
      'partner set O1 --two-person --no-two-person',
      "option '--two-person' cannot be used with option '--no-two-person'; see certlane partner set --help",
    ],
    [
      'partner add --id O1 --tls --tcp',
      "option '--tls' cannot be used with option '--tcp'; see certlane partner add --help",
    ],
  ])('refuses %j in one sentence', async (line, sentence) => {
    const terminal = fakeTerminal();
    expect(await runCertlane(line.split(' '), terminal)).toBe(2);
    expect(terminal.complaints).toEqual([`certlane: ${sentence}`]);
    expect(terminal.printed).toEqual([]);
  });

  it.each([
    ['station list', "--data: name the station's data folder with --data DIR or in CERTLANE_DATA", 2],
    ['station add --id acme --password X', "--id is 'acme': an Odette ID holds", 2],
    ['station add --id O1 --password 123456789', '--password: the password given has 9 octets', 2],
    ['send O1 sideways', "KIND is 'sideways': choose one of deliver, request, replace", 2],
    ['certificate create --subject CN=a', '--self-signed, --csr: choose one', 2],
    ['certificate create --subject oftp --self-signed', "--subject is 'oftp': the distinguished name", 2],
    ['certificate import', 'FILE, --cert: give either a PKCS#12 file', 2],
    ['partner add --id O1 --password A --port 6619', '--host: say where to reach the partner too', 2],
    ['partner add --id O1 --password A --host h --port 70000', "--port is '70000': a port is a number", 2],
    ['partner list --actor service:ca-store', "--actor is 'service:ca-store': give the name of a person", 2],
    ['partner add --id O1 --password A --acceptance all', "--acceptance is 'all': choose one of known, manual", 2],
    ['partner add --id O1 --via O2 --password A', '--password: a sub-station has no sessions of its own', 2],
    ['partner add --id O1 --via O2 --host h --port 1', '--host, --port: a sub-station has no sessions of its own', 2],
    ['partner set O1 --bypass-days 0', "--bypass-days is '0': a whole number from 1 to 3650 is wanted, or none", 2],
    ['tsl add Odette --url https://a.example', "NAME is 'Odette': a trust list is named with", 2],
    ['tsl add odette', '--url, --file: choose one', 2],
    ['tsl add odette --url https://a.example --level high', "--level is 'high': choose one of basic, oftp2", 2],
    [
      'tsl add odette --url ftp://a.example/tsl.xml',
      "--url is 'ftp://a.example/tsl.xml': only http:// and https:// are read",
      2,
    ],
    ['tsl set odette --url a.example', "--url is 'a.example': write it whole", 2],
    ['tsl add odette --url a.example', "--url is 'a.example': write it whole", 2],
    ['issuer add a.pem --purpose all', "--purpose is 'all': choose one of oftp2, verification-only", 2],
    ['validate a.pem --at now', "--at is 'now': give a day", 2],
    ['validate a.pem --usage ssl', "--usage is 'ssl': choose all", 2],
    ['validate a.pem --revocation strict', "--revocation is 'strict': choose one of off, warn, fail", 2],
    ['decide --partner O1 --certificate a.pem --kind send', "--kind is 'send': choose one of deliver, request", 2],
    ['decide --partner O1 --certificate a.pem --mode half', "--mode is 'half': choose one of full, exchange-only", 2],
    [
      `decide --partner O1 --certificate a.pem --description ${'ä'.repeat(500)}`,
      `--description is '${'ä'.repeat(120)}…': SFIDDESC has 999 octets at most, this has 1000`,
      2,
    ],
    ['audit --partner beta', "--partner is 'beta': an Odette ID holds", 2],
    ['up --fetch-allow localhost', "--fetch-allow is 'localhost': give an IP address", 2],
    ['up --tls-port 66190', "--tls-port is '66190': give a port from 1 to 65535", 2],
    ['up --listen localhost', "--listen is 'localhost': give an IP address", 2],
    ['up --store redis://x', "--store is 'redis://x': write nats: or mongodb://", 2],
    ['up --nats http://x', "--nats is 'http://x': write nats://host:port", 2],
    ['up --nats nats://user:secret@x', '--nats: write nats://host:port', 2],
  ])('refuses %j before it asks anybody', async (line, sentence, status) => {
    const terminal = fakeTerminal({ env: line.startsWith('up') ? { CERTLANE_DATA: 'none' } : {} });
    expect(await runCertlane(line.split(' '), terminal)).toBe(status);
    expect(terminal.complaints.join('\n')).toContain(`certlane: ${sentence}`);
    expect(terminal.complaints.join('\n')).not.toContain('user:secret');
  });

  it('tells machines the code of an error, and people the sentence', async () => {
    const terminal = fakeTerminal();
    expect(await runCertlane(['--json', 'station', 'list'], terminal)).toBe(2);
    expect(JSON.parse(terminal.printed[0] ?? '')).toMatchObject({
      error: { code: 'invalid-argument', details: { field: '--data' } },
    });
    expect(terminal.complaints).toHaveLength(1);
  });

  it('says how to start a station that does not run', () =>
    inTemporaryFolder(async (root) => {
      await mkdir(join(root, 'acme'));
      const terminal = fakeTerminal({ env: { CERTLANE_DATA: join(root, 'acme') } });
      expect(await runCertlane(['partner', 'list'], terminal)).toBe(7);
      expect(terminal.complaints).toEqual([
        `certlane: --data is '${join(root, 'acme')}': no station runs on this folder; start it with: certlane up --data ${join(root, 'acme')}`,
      ]);
    }));
});
