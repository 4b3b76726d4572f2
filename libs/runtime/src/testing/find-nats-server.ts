import { delimiter, join } from 'node:path';
import { findUpwards, isExecutable } from './find-upwards.js';

/** Path of a nats-server: `NATS_SERVER`, else on the PATH, else where the set-up puts one. */
export function findNatsServer(): string {
  const { NATS_SERVER: named, PATH: path = '' } = process.env;
  if (named) return named;
  const folders = [...path.split(delimiter), '/usr/sbin', '/usr/local/bin'];
  const installed = folders.map((folder) => join(folder, 'nats-server')).find(isExecutable);
  const found = installed ?? findUpwards('.tools/nats/usr/sbin/nats-server');
  if (found !== undefined) return found;
  throw new Error('no nats-server found: run the set-up (npm run setup) or set NATS_SERVER to the path of one');
}
