import { readFile } from 'node:fs/promises';
import { asyncApiDocument, DEFAULT_PREFIX, serviceNames } from '@certlane/contracts';
import { commandsDocument } from '@certlane/oftp2';
import {
  OPERATOR,
  operatorPermissions,
  permissionsOf,
  PROVISIONER,
  provisionerPermissions,
  renderNatsConfig,
  subscriberPermissions,
} from '@certlane/runtime';
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
    { url: new URL('deploy/nats/certlane.conf', repositoryRoot), content: header + natsConfig() },
    { url: new URL('docs/oftp2-commands.md', repositoryRoot), content: commandsDocument() },
  ];
}

/** One server with every user of a deployment; passwords come from the server's environment, as `make-secrets.sh` writes it. */
function natsConfig(): string {
  const users = [
    ...serviceNames.map((name) => ({ name, permissions: permissionsOf(name, DEFAULT_PREFIX) })),
    { name: PROVISIONER, permissions: provisionerPermissions(DEFAULT_PREFIX) },
    { name: OPERATOR, permissions: operatorPermissions(DEFAULT_PREFIX) },
    { name: 'subscriber', permissions: subscriberPermissions(DEFAULT_PREFIX, 'subscriber') },
  ];
  return renderNatsConfig({
    host: '0.0.0.0',
    port: 4222,
    storeDir: '/data',
    version: '2.12.0',
    users: users.map(({ name, permissions }) => ({
      name,
      permissions,
      password: { variable: `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD` },
    })),
  });
}
