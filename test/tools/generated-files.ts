import { readFile } from 'node:fs/promises';
import { asyncApiDocument } from '@certlane/contracts';
import { stringify } from 'yaml';
import { repositoryRoot } from '../support/repository.js';

/** A file that derives from code: where it stands and what it must hold. */
export interface GeneratedFile {
  readonly url: URL;
  readonly content: string;
}

/** Every generated file of the repository. */
export async function generatedFiles(): Promise<GeneratedFile[]> {
  const { version } = JSON.parse(await readFile(new URL('package.json', repositoryRoot), 'utf8')) as {
    version: string;
  };
  const header = '# Generated from libs/contracts by `npm run generate`. Do not edit.\n';
  return [
    {
      url: new URL('docs/asyncapi.yaml', repositoryRoot),
      content: header + stringify(asyncApiDocument(version), { lineWidth: 120, aliasDuplicateObjects: false }),
    },
  ];
}
