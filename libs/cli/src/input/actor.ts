import { userInfo } from 'node:os';
import { requestActor } from '@certlane/contracts';
import { invalid } from './invalid.js';

/** What an operator is called as an actor; services and partners have words of their own. */
const KIND = 'operator:';

/**
 * Who acts: `--actor`, or the login name. The audit names it, and it tells two persons apart where an approval takes two.
 * @param login the login name; empty where the system knows none
 * @returns `operator:anna`
 * @throws {CertlaneError} `invalid-argument`
 */
export function actorFrom(given: string | undefined, login: string = loginName()): string {
  if (given === undefined) return `${KIND}${asName(login)}`;
  const name = given.startsWith(KIND) ? given.slice(KIND.length) : given;
  const actor = `${KIND}${name}`;
  if (name !== '' && !name.includes(':') && requestActor.safeParse(actor).success) return actor;
  throw invalid(
    '--actor',
    given,
    `give the name of a person: 1 to ${LONGEST} letters, digits and . _ @ -, e.g. anna or anna@plant.example`,
  );
}

/** An actor has 64 characters. */
const LONGEST = 64 - KIND.length;

function asName(login: string): string {
  const name = login.replace(/[^A-Za-z0-9._@-]/g, '-').slice(0, LONGEST);
  return name === '' ? 'unknown' : name;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return `uid-${String(process.getuid?.() ?? '')}`;
  }
}
