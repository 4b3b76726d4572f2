import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, readCertificate } from '../certificate/index.js';
import { isPkiError } from '../errors.js';
import { readRevocationList } from '../revocation/read-revocation-list.js';
import type { RevocationList } from '../revocation/revocation-list.js';
import type { RevocationPolicy } from '../validation/revocation-source.js';
import { validatePath } from '../validation/validate-path.js';
import type { PathVerdict } from '../validation/verdict.js';
import type { PkitsTest } from './pkits-tests.js';

const FOLDER = join(import.meta.dirname, '../../../../../shared/reference/pkits');

/** Whether the data of PKITS lies beside the repository. It is not part of it. */
export const pkitsIsHere = existsSync(FOLDER);

/** When its certificates are judged: between their beginning in 2010 and their end in 2030. */
export const PKITS_TIME = new Date('2026-06-01T00:00:00Z');

/** The data of PKITS as it is read: what cannot be read is `unreadable`. */
export interface Pkits {
  /** By file name without `.crt`. */
  readonly certificates: ReadonlyMap<string, Certificate | 'unreadable'>;
  /** The certificate of a file. */
  readonly named: (name: string) => Certificate | 'unreadable';
  /** By file name without `.crl`. */
  readonly lists: ReadonlyMap<string, RevocationList | 'unreadable'>;
  /** Every certificate that is no end entity: finding the path is part of a test. */
  readonly intermediates: readonly Certificate[];
  /** Judges the certificate of a test by the inputs that PKITS gives. */
  readonly judge: (test: PkitsTest, revocation?: RevocationPolicy) => PathVerdict | 'unreadable';
}

/** Reads it; says so where it is missing, and has nothing then. */
export function pkits(): Pkits {
  if (!pkitsIsHere) console.warn('PKITS IS SKIPPED: ../shared/reference/pkits does not lie beside the repository.');
  const certificates = read('certs', '.crt', readCertificate);
  const intermediates = readable([...certificates].filter(([name]) => !name.endsWith('EE')));
  const named = (name: string): Certificate | 'unreadable' => {
    const certificate = certificates.get(name);
    if (certificate === undefined) throw new Error(`PKITS has no certificate ${name}.crt`);
    return certificate;
  };
  return {
    certificates,
    named,
    lists: read('crls', '.crl', readRevocationList),
    intermediates,
    judge: ({ certificate, initial }, revocation) => {
      const [target, anchor] = [named(certificate), named('TrustAnchorRootCertificate')];
      if (target === 'unreadable' || anchor === 'unreadable') return 'unreadable';
      return validatePath({
        certificate: target,
        intermediates,
        anchors: [anchor],
        at: PKITS_TIME,
        policies: initial,
        revocation,
      });
    },
  };
}

/** Those that could be read. */
export function readable<Value>(files: Iterable<readonly [string, Value | 'unreadable']>): Value[] {
  return [...files].flatMap(([, one]) => (one === 'unreadable' ? [] : [one]));
}

function read<Value>(
  folder: 'certs' | 'crls',
  extension: string,
  reader: (der: Uint8Array) => Value,
): ReadonlyMap<string, Value | 'unreadable'> {
  const names = pkitsIsHere ? readdirSync(join(FOLDER, folder)) : [];
  return new Map(
    names.map((name) => {
      const der = new Uint8Array(readFileSync(join(FOLDER, folder, name)));
      return [name.replace(extension, ''), readOrNot(der, reader)];
    }),
  );
}

function readOrNot<Value>(der: Uint8Array, reader: (der: Uint8Array) => Value): Value | 'unreadable' {
  try {
    return reader(der);
  } catch (error) {
    if (isPkiError(error)) return 'unreadable';
    throw error;
  }
}
