import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Path of a nats-server: `NATS_SERVER`, else on the PATH, else where the set-up puts one. */
export function findNatsServer(): string {
  const { NATS_SERVER: named, PATH: path = '' } = process.env;
  if (named) return named;
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/local/bin', ...upwards(process.cwd())];
  const found = folders.map((folder) => join(folder, 'nats-server')).find(executable);
  if (found !== undefined) return found;
  throw new Error('no nats-server found: run the set-up (npm run setup) or set NATS_SERVER to the path of one');
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return [join(folder, '.tools', 'nats', 'usr', 'sbin'), ...(parent === folder ? [] : upwards(parent))];
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
