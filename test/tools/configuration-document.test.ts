import { readFile } from 'node:fs/promises';
import { caStoreVariables } from '@certlane/ca-store';
import { commonShape, provisionVariables } from '@certlane/runtime';
import { gatewayVariables } from '@certlane/session-gateway';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../support/repository.js';

type Shape = Readonly<Record<string, { safeParse(value: undefined): { success: boolean; data?: unknown } }>>;

/** Rows of the first table below a heading: name of the variable and its default, `none` where it may be left out. */
function documented(text: string, heading: string): (readonly [name: string, usual: string])[] {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `(\w+)` *\| ([^|]*?) *\|/gm)].map(([, name = '', usual = '']) => [name, usual]);
}

/** What holds when a variable is left out, as the document writes it. */
function usualOf(schema: Shape[string]): string | undefined {
  const { success, data } = schema.safeParse(undefined);
  if (!success) return 'required';
  if (data === undefined) return undefined;
  return `\`${typeof data === 'string' ? data : JSON.stringify(data)}\``;
}

describe('docs/configuration.md', () => {
  it.each<[string, Shape]>([
    ['Every service, and the provisioner', commonShape],
    ['session-gateway', gatewayVariables],
    ['ca-store', caStoreVariables],
    ['Provisioner', provisionVariables],
  ])('lists the variables of "%s" with what holds when they are left out', async (heading, shape) => {
    const rows = documented(await readFile(new URL('docs/configuration.md', repositoryRoot), 'utf8'), heading);
    expect(rows.map(([name]) => name)).toEqual(Object.keys(shape));
    for (const [name, usual] of rows) expect([name, usual]).toEqual([name, usualOf(shape[name]!) ?? usual]);
  });
});
