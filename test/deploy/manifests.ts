import { readdir, readFile } from 'node:fs/promises';
import { parse, parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../support/repository.js';

/** A container as a manifest describes it, whatever kind of manifest it is. */
export interface DescribedContainer {
  readonly name: string;
  readonly from: 'compose' | 'kubernetes';
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Paths at which secrets are mounted, by name of the secret. */
  readonly secretPaths: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
}

interface ComposeFile {
  readonly services: Record<
    string,
    {
      readonly image: string;
      readonly command?: string[];
      readonly environment?: Record<string, string>;
      readonly secrets?: string[];
      readonly ports?: string[];
      readonly depends_on?: string[] | Record<string, unknown>;
      readonly ulimits?: Readonly<Record<string, number>>;
    }
  >;
  readonly secrets: Record<string, { readonly file: string }>;
}

/** The compose file with its anchors and merges resolved. */
export async function readCompose(): Promise<ComposeFile> {
  const text = await readFile(new URL('deploy/compose/compose.yaml', repositoryRoot), 'utf8');
  return parse(text, { merge: true }) as ComposeFile;
}

/** Containers of ours in the compose file. */
export function composeContainers(compose: ComposeFile): DescribedContainer[] {
  return Object.entries(compose.services)
    .filter(([, service]) => service.image === 'certlane')
    .map(([name, service]) => ({
      name,
      from: 'compose',
      command: service.command ?? [],
      environment: service.environment ?? {},
      secretPaths: Object.fromEntries((service.secrets ?? []).map((secret) => [secret, `/run/secrets/${secret}`])),
      ports: (service.ports ?? []).map((port) => Number(port.split(':')[1])),
    }));
}

/** Any object of a Kubernetes manifest; the tests look at what they name. */
export interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Record<string, never>;
}

/** Every object of the base, in the order of its kustomization. */
export async function readKubernetes(): Promise<{ resources: string[]; files: string[]; objects: KubernetesObject[] }> {
  const base = new URL('deploy/kubernetes/base/', repositoryRoot);
  const { resources } = parse(await readFile(new URL('kustomization.yaml', base), 'utf8')) as { resources: string[] };
  const objects: KubernetesObject[] = [];
  for (const file of resources) {
    for (const document of parseAllDocuments(await readFile(new URL(file, base), 'utf8'))) {
      objects.push(document.toJS() as KubernetesObject);
    }
  }
  const files = (await readdir(base)).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml');
  return { resources, files, objects };
}

/** The pod template of a deployment or a job, as far as the tests read it. */
export interface PodTemplate {
  readonly metadata: { readonly labels: Record<string, string> };
  readonly spec: {
    readonly securityContext: { readonly runAsNonRoot?: boolean };
    readonly containers: {
      readonly name: string;
      readonly image: string;
      readonly command: string[];
      readonly ports?: { readonly name: string; readonly containerPort: number }[];
      readonly env: { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
      readonly volumeMounts: { readonly name: string; readonly mountPath: string }[];
      readonly securityContext: { readonly readOnlyRootFilesystem?: boolean };
      readonly livenessProbe?: Probe;
      readonly readinessProbe?: Probe;
      readonly startupProbe?: Probe;
    }[];
    readonly volumes: { readonly name: string; readonly secret: { readonly secretName: string } }[];
  };
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

/** The pod template of an object that has one. */
export function templateOf(object: KubernetesObject): PodTemplate {
  return (object.spec as unknown as { template: PodTemplate }).template;
}

/** The containers of deployments and jobs. */
export function kubernetesContainers(objects: readonly KubernetesObject[]): DescribedContainer[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .flatMap((object) => {
      const { containers, volumes } = templateOf(object).spec;
      return containers.map((container) => ({
        name: object.metadata.name,
        from: 'kubernetes' as const,
        command: container.command,
        environment: Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? 'from-the-pod'])),
        secretPaths: Object.fromEntries(
          container.volumeMounts.map(({ name, mountPath }) => [
            volumes.find((volume) => volume.name === name)?.secret.secretName ?? name,
            mountPath,
          ]),
        ),
        ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
      }));
    });
}
