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
