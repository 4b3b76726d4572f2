import { readConfig as caStore } from '@certlane/ca-store';
import { readConfig as certExchange } from '@certlane/cert-exchange';
import { serviceNames } from '@certlane/contracts';
import { readConfig as partnerRegistry } from '@certlane/partner-registry';
import { loadConfig, provisionVariables } from '@certlane/runtime';
import { findNatsServer } from '@certlane/runtime/testing';
import { readConfig as sessionGateway } from '@certlane/session-gateway';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../support/repository.js';
import {
  composeContainers,
  kubernetesContainers,
  readCompose,
  readKubernetes,
  templateOf,
  type DescribedContainer,
  type KubernetesObject,
} from './manifests.js';

const readers: Readonly<Record<string, (env: Record<string, string>) => unknown>> = {
  'session-gateway': sessionGateway,
  'partner-registry': partnerRegistry,
  'cert-exchange': certExchange,
  'ca-store': caStore,
  provision: (env) => loadConfig(provisionVariables, env),
};
/** Path of a program on the PATH. */
function findProgram(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

const roleOf = ({ name }: DescribedContainer) => name.replace(/^certlane-/, '');

describe('the manifests under deploy/', () => {
  let containers: DescribedContainer[];
  let objects: KubernetesObject[];
  let natsUsers: string[];
  let secretsFolder: string;

  beforeAll(async () => {
    const kubernetes = await readKubernetes();
    objects = kubernetes.objects;
    containers = [...composeContainers(await readCompose()), ...kubernetesContainers(objects)];
    const conf = await readFile(new URL('deploy/nats/certlane.conf', repositoryRoot), 'utf8');
    natsUsers = [...conf.matchAll(/user: "([^"]+)"/g)].map(([, user]) => user!);
    secretsFolder = await mkdtemp(join(tmpdir(), 'certlane-deploy-'));
    await writeFile(join(secretsFolder, 'password'), 'secret\n', { mode: 0o600 });
    await writeFile(join(secretsFolder, 'key'), Buffer.alloc(32, 7), { mode: 0o600 });
  });

  afterAll(() => rm(secretsFolder, { recursive: true }));

  it('run all services and the provisioner, in both kinds', () => {
    const roles = [...serviceNames, 'provision'].sort();
    for (const from of ['compose', 'kubernetes'] as const) {
      expect(
        containers
          .filter((each) => each.from === from)
          .map(roleOf)
          .sort(),
      ).toEqual(roles);
    }
  });

  it('start programs that exist', () => {
    for (const { command } of containers) {
      expect(command[0]).toBe('node');
      const source = command[1]!.replace('/dist/', '/src/').replace(/\.js$/, '.ts');
      expect({ source, exists: existsSync(new URL(source, repositoryRoot)) }).toEqual({ source, exists: true });
    }
  });

  it('give each service a configuration that it takes, variable for variable', () => {
    for (const container of containers) {
      const env = Object.fromEntries(
        Object.entries(container.environment).map(([name, value]) => {
          if (!name.endsWith('_FILE')) return [name, value];
          return [name, join(secretsFolder, name.includes('SEALING') ? 'key' : 'password')];
        }),
      );
      expect(() => readers[roleOf(container)]!(env)).not.toThrow();
    }
  });

  it('mount every secret that a variable names', () => {
    for (const { name, environment, secretPaths } of containers) {
      const mounted = Object.values(secretPaths);
      for (const [variable, path] of Object.entries(environment).filter(([key]) => key.endsWith('_FILE'))) {
        const found = mounted.some((mount) => path === mount || path.startsWith(`${mount}/`));
        expect({ name, variable, found }).toEqual({ name, variable, found: true });
      }
    }
  });

  it('log in as users that NATS knows, each as itself', () => {
    for (const container of containers) {
      const user = container.environment['CERTLANE_NATS_USER'];
      expect(user).toBe(roleOf(container) === 'provision' ? 'provisioner' : roleOf(container));
      expect(natsUsers).toContain(user);
    }
  });

  it('give the sealing key to gateways alone', () => {
    const holders = containers.filter(({ secretPaths }) =>
      Object.keys(secretPaths).some((name) => name.includes('sealing')),
    );
    expect(new Set(holders.map(roleOf))).toEqual(new Set(['session-gateway']));
  });

  it('let no container of the compose file leave a core dump', async () => {
    const ours = Object.entries((await readCompose()).services).filter(([, { image }]) => image === 'certlane');
    expect(ours.map(([name, { ulimits }]) => [name, ulimits?.['core']])).toEqual(ours.map(([name]) => [name, 0]));
  });

  it('make every secret of the compose file', async () => {
    const script = await readFile(new URL('deploy/compose/make-secrets.sh', repositoryRoot), 'utf8');
    const users = /for user in ([^;]+);/.exec(script)?.[1]?.split(' ') ?? [];
    const made = ['sealing-key', ...users.map((user) => `${user}-password`)];
    expect(made).toEqual(expect.arrayContaining(Object.keys((await readCompose()).secrets)));
    expect([...users].sort()).toEqual([...natsUsers].sort());
  });

  it('list every file of the Kustomize base', async () => {
    const { resources, files } = await readKubernetes();
    expect([...resources].sort()).toEqual([...files].sort());
  });

  const kubectl = findProgram('kubectl');
  const rendered = kubectl === undefined ? it.skip : it;
  rendered(
    `render with kustomize as they stand${kubectl === undefined ? ' (skipped: no kubectl on this machine)' : ''}`,
    () => {
      const base = new URL('deploy/kubernetes/base', repositoryRoot).pathname;
      const output = execFileSync(kubectl ?? '', ['kustomize', base], { encoding: 'utf8' });
      const names = (list: readonly KubernetesObject[]) =>
        list.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
      const documents = parseAllDocuments(output).map((document) => document.toJS() as KubernetesObject);
      expect(names(documents)).toEqual(names(objects));
      expect(kubernetesContainers(documents).map(roleOf).sort()).toEqual(
        kubernetesContainers(objects).map(roleOf).sort(),
      );
    },
  );

  it('select the pods they mean, probe what is served, and harden every container', () => {
    for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
      const { selector } = object.spec as unknown as { selector: { matchLabels: Record<string, string> } };
      const { metadata, spec } = templateOf(object);
      expect(metadata.labels).toMatchObject(selector.matchLabels);
      expect(spec.securityContext.runAsNonRoot).toBe(true);
      for (const container of spec.containers) {
        expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
        const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe].map(
          (probe) => probe?.httpGet,
        );
        expect(probes).toEqual([
          { path: '/health/live', port: 'http' },
          { path: '/health/live', port: 'http' },
          { path: '/health/ready', port: 'http' },
        ]);
        const http = container.env.find(({ name }) => name === 'CERTLANE_HTTP_LISTEN')?.value;
        expect(container.ports?.find(({ name }) => name === 'http')?.containerPort).toBe(
          Number(http?.split(':').at(-1)),
        );
      }
    }
  });

  it('budget disruptions of, and let partners in to, deployments that exist', () => {
    const deployments = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget').map(({ metadata }) => metadata.name);
    expect(budgets.sort()).toEqual([...deployments].sort());
    const service = objects.find(({ kind }) => kind === 'Service')!;
    const { selector, ports } = service.spec as unknown as {
      selector: Record<string, string>;
      ports: { targetPort: string }[];
    };
    const gateway = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'session-gateway')!;
    expect(templateOf(gateway).metadata.labels).toMatchObject(selector);
    const named = templateOf(gateway).spec.containers[0]!.ports!.map(({ name }) => name);
    for (const { targetPort } of ports) expect(named).toContain(targetPort);
  });

  it('hold a NATS configuration that nats-server takes', async () => {
    // The installed server may be older than the one meant: what only newer ones know is left out for this check.
    const conf = await readFile(new URL('deploy/nats/certlane.conf', repositoryRoot), 'utf8');
    const file = join(secretsFolder, 'certlane.conf');
    await writeFile(file, conf.replace(/^ *sync_interval.*$/m, ''));
    const names = [...conf.matchAll(/\$([A-Z_]+_PASSWORD)/g)].map(([, name]) => name!);
    const env: Record<string, string> = Object.fromEntries(names.map((name) => [name, 'psecret']));
    const check = () =>
      execFileSync(findNatsServer(), ['-c', file, '-t'], { env: { ...process.env, ...env }, stdio: 'pipe' });
    expect(check).not.toThrow();
    expect(conf).toContain('sync_interval: always');
  });
});
