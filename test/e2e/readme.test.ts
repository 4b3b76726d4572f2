import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { findNatsServer } from '@certlane/runtime/testing';
import { repositoryRoot } from '../support/repository.js';

/** A block of commands, and what the README says they print. */
interface Block {
  readonly commands: string;
  readonly ownTerminal: boolean;
  readonly printed: readonly string[];
}

const PATIENCE_MS = 240_000;
const MARK = '=== block';

/** The fenced blocks of the walk-through in their order. */
function blocksOf(text: string): Block[] {
  const [, section = ''] = /^## Walk-through$([^]*?)^## /m.exec(text) ?? [];
  const fences = [
    ...section.matchAll(/(<!-- in a terminal of its own -->\s+)?^```sh\n([^]*?)^```$(?:\s+^```text\n([^]*?)^```$)?/gm),
  ];
  return fences.map(([, own, commands = '', printed = '']) => ({
    commands,
    ownTerminal: own !== undefined,
    printed: printed.split('\n').filter((line) => line !== ''),
  }));
}

/** The README with free ports in place of those it names, so that the test needs none for itself. */
async function readme(): Promise<string> {
  const text = await readFile(new URL('README.md', repositoryRoot), 'utf8');
  const [one, other] = await freePorts();
  return text.replaceAll('16619', String(one)).replaceAll('16620', String(other));
}

async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await once(server.listen(0), 'listening');
    ports.push((server.address() as AddressInfo).port);
  }
  for (const server of servers) await once(server.close(), 'close');
  return ports;
}

/** The walk-through as one script: what has a terminal of its own runs beside the rest until the end. */
function scriptOf(blocks: readonly Block[]): string {
  const lines = blocks.map(({ commands, ownTerminal }, index) =>
    ownTerminal
      ? `(exec ${commands.trim()}) > terminal-${index}.log 2>&1 & terminals="$terminals $!"
         until grep -q Ready terminal-${index}.log; do kill -0 $! || { cat terminal-${index}.log; exit 1; }; sleep 0.1; done`
      : `echo '${MARK} ${index}'\n${commands}`,
  );
  // The launcher replaces the shell that was started for it, so a signal to that process is a signal to certlane up.
  return `set -eu\nterminals=''\ntrap 'for pid in $terminals; do kill $pid; done; wait' EXIT\n${lines.join('\n')}`;
}

/** A line of the README as a pattern: `…` stands for anything, blanks for any blanks. */
function patternOf(line: string): RegExp {
  const parts = line
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(parts.join('.*'));
}

describe('the walk-through of the README', () => {
  it(
    'does what it says, command by command',
    async () => {
      const blocks = blocksOf(await readme());
      expect(blocks.filter(({ ownTerminal }) => ownTerminal)).toHaveLength(2);
      const child = spawn('/bin/sh', ['-c', scriptOf(blocks)], {
        cwd: fileURLToPath(repositoryRoot),
        env: { ...process.env, CERTLANE_DATA: undefined, NATS_SERVER: findNatsServer() },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let out = '';
      let err = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
      // What still runs then is stopped, and with it both stations.
      const giveUp = setTimeout(() => child.kill(), PATIENCE_MS);
      const [status] = (await once(child, 'close')) as [number | null];
      clearTimeout(giveUp);
      expect({ status, err: status === 0 ? '' : err, out: status === 0 ? '' : out }).toEqual({
        status: 0,
        err: '',
        out: '',
      });

      const printed = out.split(MARK);
      for (const [index, block] of blocks.entries()) {
        let rest = printed.find((part) => part.startsWith(` ${index}\n`)) ?? '';
        for (const line of block.printed) {
          const found = patternOf(line).exec(rest);
          if (found === null) expect(`after "${line}" in block ${index}:\n${rest}`).toBe('what the README says');
          rest = rest.slice((found?.index ?? 0) + (found?.[0].length ?? 0));
        }
      }
    },
    2 * PATIENCE_MS,
  );
});
