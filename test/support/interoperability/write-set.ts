import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { certificateToPem, type Certificate } from '@certlane/pki';
import { pathsOf } from './authorities.js';
import type { InteroperabilitySet, Member } from './interoperability-set.js';
import { readmeOf } from './readme.js';
import { AUTHORITIES, type AuthorityName } from './roles.js';
import { TRUST_LIST_PATHS } from './trust-lists.js';

/** A file of the set. */
interface SetFile {
  readonly path: string;
  readonly content: Uint8Array | string;
  /** For the owner's eyes alone. */
  readonly secret?: boolean;
}

/** A folder that the set is not written to, because something is in it. */
export class FolderNotEmpty extends Error {
  constructor(readonly folder: string) {
    super(`the folder ${folder} is not empty; give a new one`);
  }
}

/**
 * Writes the whole set into a folder that is new or empty, laid out as it is to be published; the paths that were written.
 * CA12 counts as revoked in the set afterwards.
 * @throws {FolderNotEmpty}
 */
export async function writeSet(set: InteroperabilitySet, folder: string, password: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0) throw new FolderNotEmpty(folder);
  const files = filesOf(set, password);
  for (const { path, content, secret = false } of files) {
    const whole = join(folder, path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content, { mode: secret ? 0o600 : 0o644, flag: 'wx' });
  }
  return files.map(({ path }) => path);
}

function filesOf(set: InteroperabilitySet, password: string): readonly SetFile[] {
  const { current, next } = set.signers;
  const list = (name: AuthorityName): string => pathsOf(name).revocationList.slice(1);
  const names = Object.keys(AUTHORITIES) as AuthorityName[];
  return [
    { path: 'README.md', content: readmeOf(set, password) },
    ...set.members.flatMap((member) => filesOfMember(member, password)),
    { path: 'company-a/authorities.pem', content: pemOf(set.chainOf('A')) },
    { path: 'company-b/authorities.pem', content: pemOf(set.chainOf('B')) },
    { path: 'outside/authorities.pem', content: pemOf(set.chainOf('outside')) },
    ...names.map((name) => ({ path: list(name), content: set.revocationList(name) })),
    // The last one, since what is revoked stays revoked.
    { path: list('A').replace('crl/', 'crl-after/'), content: set.revoke('CA12') },
    ...(['basic', 'oftp2'] as const).flatMap((level) => [
      { path: TRUST_LIST_PATHS[level].list.slice(1), content: set.trustList({ level }) },
      { path: TRUST_LIST_PATHS[level].update.slice(1), content: set.updateText({ level }) },
    ]),
    { path: 'tsl-signer.pem', content: current.certificatePem },
    { path: 'tsl-signer-next.pem', content: next.certificatePem },
  ];
}

function filesOfMember(member: Member, password: string): readonly SetFile[] {
  const base = `${member.role.station === 'B0' ? 'company-b' : 'company-a'}/${member.label}`;
  return [
    { path: `${base}.pem`, content: member.certificatePem },
    { path: `${base}.key`, content: member.privateKeyPem, secret: true },
    { path: `${base}.p12`, content: member.pkcs12(password), secret: true },
    { path: `${base}.clid`, content: member.clid },
  ];
}

const pemOf = (certificates: readonly Certificate[]): string => certificates.map(certificateToPem).join('');
