import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  caEvents,
  exchangeEvents,
  gatewayEvents,
  registryEvents,
  serviceContracts,
  serviceNames,
} from '@certlane/contracts';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../support/repository.js';

/** Tests that go through all events, or print some, without any that came about. */
const NO_WITNESS = /^(?:libs\/(?:contracts|cli)\/|test\/tools\/|test\/integration\/runtime\/permissions)/;
/** How a test names an event: as it is called, as its type, or by its contract. */
const names = (name: string, key: string): RegExp =>
  new RegExp(`['"\`](?:certlane\\.)?${name.replaceAll('.', '\\.')}(?:\\.v1)?['"\`]|Events\\.${key}\\b`);

interface Text {
  readonly path: string;
  readonly text: string;
}

describe('what services show of themselves', () => {
  let tests: Text[];
  let sources: Text[];

  beforeAll(async () => {
    const cwd = fileURLToPath(repositoryRoot);
    const exclude = (path: string) => /(?:^|\/)(?:node_modules|dist|\.\w+)$/.test(path);
    const read = async (pattern: string): Promise<Text[]> =>
      Promise.all(
        globSync(pattern, { cwd, exclude }).map(async (path) => ({
          path,
          text: await readFile(new URL(path, repositoryRoot), 'utf8'),
        })),
      );
    const specs = await read('{libs,services}/*/src/**/*.spec.ts');
    tests = [...specs, ...(await read('test/**/*.ts'))].filter(({ path }) => !NO_WITNESS.test(path));
    sources = (await read('{libs,services}/*/src/**/*.ts')).filter(({ path }) => !path.endsWith('.spec.ts'));
  });

  it('is looked for by a test: every event', () => {
    const keys = new Map(
      [caEvents, registryEvents, exchangeEvents, gatewayEvents]
        .flatMap((all) => Object.entries(all))
        .map(([key, { name }]) => [name, key]),
    );
    const events = serviceNames.flatMap((service) => serviceContracts[service].emits.map(({ name }) => name));
    expect(events.length).toBeGreaterThan(30);
    const unseen = events.filter((name) => !tests.some(({ text }) => names(name, keys.get(name) ?? name).test(text)));
    expect(unseen).toEqual([]);
  });

  it('is looked for by a test: every metric that speaks of the domain', () => {
    const made =
      /create(?:Counter|Histogram|UpDownCounter|ObservableGauge)\(\s*'(certlane\.(?:ca|bypass|exchange)\.[a-z._]+)'/g;
    const metrics = sources.flatMap(({ text }) => [...text.matchAll(made)].map(([, name = '']) => name));
    expect(metrics.length).toBeGreaterThan(8);
    const unseen = metrics.filter((name) => !tests.some(({ text }) => text.includes(name.replaceAll('.', '_'))));
    expect(unseen).toEqual([]);
  });

  it('has its unit in its name where it is a time: no exporter adds it', () => {
    const histograms = sources.flatMap(({ text }) =>
      [...text.matchAll(/createHistogram\(\s*'([^']+)'/g)].map(([, name = '']) => name),
    );
    expect(histograms.length).toBeGreaterThan(3);
    expect(histograms.filter((name) => !name.endsWith('.seconds'))).toEqual([]);
  });
});
