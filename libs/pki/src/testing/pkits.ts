import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, readCertificate } from '../certificate/index.js';
import { isPkiError } from '../errors.js';

const FOLDER = join(import.meta.dirname, '../../../../../shared/reference/pkits');

/** Whether the data of PKITS lies beside the repository. It is not part of it. */
export const pkitsIsHere = existsSync(FOLDER);

/** When its certificates are judged: between their beginning in 2010 and their end in 2030. */
export const PKITS_TIME = new Date('2026-06-01T00:00:00Z');

/** Certificates by file name without `.crt`; those that cannot be read are `unreadable`. */
export function pkitsCertificates(): ReadonlyMap<string, Certificate | 'unreadable'> {
  return new Map(pkitsFiles('certs').map(([name, der]) => [name.replace(/\.crt$/, ''), readOrNot(der)]));
}

/** Revocation lists as DER, by file name without `.crl`. */
export function pkitsLists(): ReadonlyMap<string, Uint8Array> {
  return new Map(pkitsFiles('crls').map(([name, der]) => [name.replace(/\.crl$/, ''), der]));
}

function pkitsFiles(folder: 'certs' | 'crls'): (readonly [name: string, der: Uint8Array])[] {
  if (!pkitsIsHere) return [];
  return readdirSync(join(FOLDER, folder)).map((name) => [
    name,
    new Uint8Array(readFileSync(join(FOLDER, folder, name))),
  ]);
}

function readOrNot(der: Uint8Array): Certificate | 'unreadable' {
  try {
    return readCertificate(der);
  } catch (error) {
    if (isPkiError(error)) return 'unreadable';
    throw error;
  }
}
