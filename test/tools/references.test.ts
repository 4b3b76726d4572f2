import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../support/repository.js';
import { isRfc5024Section } from './rfc5024-sections.js';

interface Text {
  readonly path: string;
  readonly text: string;
}

const SCRIPTS = /`npm (?:run )?([a-z:]+)`/g;
const LINK = /\]\(([^)#\s]+)(?:#[^)]*)?\)/g;
/** A path of ours in backticks: it has a slash, and begins with a folder of the root. */
const PATH_IN_TEXT = /`((?:libs|services|test|docs|deploy|scripts)\/[\w./-]*)`/g;
/** Sections named behind one RFC: `RFC 5024 §5.3.1, §5.3.2`; a bare § in a file of libs/oftp2 is RFC 5024 as well. */
const CITATION = /RFC 5024(?:,? (?:and )?§(\d+(?:\.\d+)*))+/g;

describe('what texts point at', () => {
  let texts: Text[];

  beforeAll(async () => {
    const cwd = fileURLToPath(repositoryRoot);
    const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist|\.\w+)$/.test(path);
    const paths = globSync('**/*.{ts,md}', { cwd, exclude });
    texts = await Promise.all(
      paths.map(async (path) => ({ path, text: await readFile(new URL(path, repositoryRoot), 'utf8') })),
    );
  });

  const documents = () => texts.filter(({ path }) => path.endsWith('.md'));

  it('links that stay in the repository end at a file', () => {
    const dead = documents().flatMap(({ path, text }) =>
      [...text.matchAll(LINK)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(new URL(target, new URL(path, repositoryRoot))))
        .map((target) => `${path}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('paths that documents name exist', () => {
    const dead = documents().flatMap(({ path, text }) =>
      [...text.matchAll(PATH_IN_TEXT)]
        .map(([, target = '']) => target)
        // Compiled files are not there before a build; their sources are.
        .map((target) => target.replace('/dist/', '/src/').replace(/(?<=\/src\/.*)\.js$/, '.ts'))
        .filter((target) => !existsSync(new URL(target, repositoryRoot)))
        .map((target) => `${path}: ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('commands that documents name are scripts of the repository', async () => {
    const { scripts } = JSON.parse(await readFile(new URL('package.json', repositoryRoot), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const unknown = documents().flatMap(({ path, text }) =>
      [...text.matchAll(SCRIPTS)].filter(([, name = '']) => !(name in scripts)).map(([whole]) => `${path}: ${whole}`),
    );
    expect(unknown).toEqual([]);
  });

  it('sections of RFC 5024 that are cited exist', () => {
    const wrong = texts.flatMap(({ path, text }) =>
      [...text.matchAll(CITATION)]
        .flatMap(([citation]) => citation.match(/(?<=§)\d+(?:\.\d+)*/g) ?? [])
        .filter((number) => !isRfc5024Section(number))
        .map((number) => `${path}: §${number}`),
    );
    expect(wrong).toEqual([]);
  });

  it('the citation check knows a wrong number', () => {
    expect(['4.3.8', '5.3.18', '9.12.3', '12'].filter(isRfc5024Section)).toHaveLength(4);
    expect(['4.3.9', '5.3.19', '9.14', '0', '5.3.0', '3.3.4.3'].filter(isRfc5024Section)).toEqual([]);
  });
});
