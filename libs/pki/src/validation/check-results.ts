import type { Certificate } from '../certificate/index.js';
import { commonNameOf, formatDistinguishedName } from '../names/index.js';
import type { PathCheck, PathCheckName } from './verdict.js';

const MAXIMUM_NAME = 120;

/** A name for messages, cut where a stranger made it long. */
export function shortName({ subject }: Certificate): string {
  const name = commonNameOf(subject) ?? formatDistinguishedName(subject);
  return `"${name.length > MAXIMUM_NAME ? `${name.slice(0, MAXIMUM_NAME)}…` : name}"`;
}

/** The outcome of a check that holds; `message` goes on after the name of the certificate. */
export const passed = (check: PathCheckName, certificate: Certificate, message: string): PathCheck => ({
  check,
  ok: true,
  message: `${shortName(certificate)} ${message}.`,
  certificate: certificate.fingerprint,
});

/** The outcome of a check that does not hold. */
export const failed = (check: PathCheckName, certificate: Certificate, message: string): PathCheck => ({
  ...passed(check, certificate, message),
  ok: false,
});
