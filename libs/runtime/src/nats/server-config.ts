import type { Permissions } from './permissions.js';

/** How a user of nats-server proves itself: a password, its bcrypt hash, or the name of a variable of the server's environment. */
export type ServerPassword = { readonly text: string } | { readonly variable: string };

/** A user of nats-server. */
export interface ServerUser {
  readonly name: string;
  readonly password: ServerPassword;
  readonly permissions: Permissions;
}

/** What a nats-server of ours is configured with. */
export interface ServerConfig {
  readonly host: string;
  /** 0: the system chooses; the ports file says which. */
  readonly port: number;
  /** Folder of JetStream's files. */
  readonly storeDir: string;
  readonly users: readonly ServerUser[];
  /** Version of the binary, `2.9.10`: newer ones are told to write through to the disk before they acknowledge. */
  readonly version: string;
  /** Folder the server writes its ports file to. */
  readonly portsDir?: string;
  /** Port of the monitoring pages; none unless told, 0: the system chooses. */
  readonly monitoringPort?: number;
  /** Most octets JetStream may keep on disk, e.g. `10GB`; three quarters of what is free unless told. */
  readonly maxFileStore?: string;
  /** PEM files of the server's certificate. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  /** For several servers: streams may then have several copies. */
  readonly cluster?: {
    /** Name of this server; `$VARIABLE` is taken from its environment. */
    readonly serverName: string;
    readonly name: string;
    readonly port: number;
    readonly routes: readonly string[];
  };
}

/** Whether acknowledged data outlives a power cut on a single server. */
export function writesThrough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 10);
}

/** nats-server's configuration: JetStream, one account, its users with exact permissions and nobody else. */
export function renderNatsConfig(config: ServerConfig): string {
  const lines = [
    `host: ${text(config.host)}`,
    `port: ${config.port === 0 ? -1 : config.port}`,
    ...(config.monitoringPort === undefined
      ? []
      : [`http: ${text(`${config.host}:${config.monitoringPort === 0 ? -1 : config.monitoringPort}`)}`]),
    ...(config.portsDir === undefined ? [] : [`ports_file_dir: ${text(config.portsDir)}`]),
    'jetstream {',
    `  store_dir: ${text(config.storeDir)}`,
    ...(config.maxFileStore === undefined ? [] : [`  max_file_store: ${config.maxFileStore}`]),
    ...(writesThrough(config.version) ? ['  # What is acknowledged is on the disk.', '  sync_interval: always'] : []),
    '}',
    ...tls(config),
    ...cluster(config),
    'accounts {',
    '  CERTLANE {',
    '    jetstream: enabled',
    '    users: [',
    ...config.users.flatMap(user),
    '    ]',
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function tls({ tls: files }: ServerConfig): string[] {
  return files === undefined
    ? []
    : ['tls {', `  cert_file: ${text(files.certFile)}`, `  key_file: ${text(files.keyFile)}`, '}'];
}

function cluster({ cluster: parts }: ServerConfig): string[] {
  if (parts === undefined) return [];
  return [
    `server_name: ${parts.serverName.startsWith('$') ? parts.serverName : text(parts.serverName)}`,
    'cluster {',
    `  name: ${text(parts.name)}`,
    `  port: ${parts.port}`,
    `  routes: [${parts.routes.map(text).join(', ')}]`,
    '}',
  ];
}

function user({ name, password, permissions }: ServerUser): string[] {
  const secret = 'text' in password ? text(password.text) : `$${password.variable}`;
  return [
    '      {',
    `        user: ${text(name)}, password: ${secret}`,
    '        permissions {',
    ...list('publish', permissions.publish),
    ...list('subscribe', permissions.subscribe),
    ...(permissions.allowResponses ? ['          allow_responses { max: 1, expires: "2m" }'] : []),
    '        }',
    '      }',
  ];
}

function list(direction: string, subjects: readonly string[]): string[] {
  return [
    `          ${direction} {`,
    '            allow: [',
    ...subjects.map((subject) => `              ${text(subject)}`),
    '            ]',
    '          }',
  ];
}

/** Quoted as nats-server reads it; a line break could end the value and begin a setting of its own. */
function text(value: string): string {
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/[\r\n]/g, ' ')}"`;
}
