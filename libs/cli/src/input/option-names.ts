import { ACTOR_HEADER, CertlaneError, isCertlaneError } from '@certlane/contracts';
import { asClause, withRemedy } from './certificate-file.js';

/** What the person wrote for a field of a request. */
export interface Written {
  /** The option or argument. */
  readonly option: string;
  /** What it was given; absent for secrets. */
  readonly value?: string;
  /** What is wrong, where the command line can say it better than the service. */
  readonly problem?: string;
  /** What to do about it, where the service does not say. */
  readonly remedy?: string;
}

/** Fields that mean the same in every request, by the option they come from. */
const USUAL: Readonly<Record<string, Written>> = {
  id: { option: '--id' },
  station: { option: '--station' },
  partner: { option: 'PARTNER' },
  host: { option: '--host' },
  password: { option: '--password' },
  ourPassword: { option: '--our-password' },
  'connection.host': { option: '--host' },
  'connection.port': { option: '--port' },
  subject: { option: '--subject' },
  issuer: { option: '--issuer' },
  keyUsage: { option: '--key-usage' },
  extendedKeyUsage: { option: '--extended-key-usage' },
  usages: { option: '--usage' },
  replaces: { option: '--replaces' },
  via: { option: '--via' },
  connection: { option: '--host' },
  secureAuthentication: { option: '--secure-authentication' },
  tlsClientAuthentication: { option: '--tls-client-authentication' },
  acceptance: { option: '--acceptance' },
  selfSigned: { option: '--self-signed' },
  revocation: { option: '--revocation' },
  'bypassLimits.days': { option: '--bypass-days' },
  'bypassLimits.attempts': { option: '--bypass-attempts' },
  'bypassLimits.addresses': { option: '--bypass-address' },
  name: { option: 'NAME' },
  url: { option: '--url' },
  level: { option: '--level' },
  purpose: { option: '--purpose' },
  reason: { option: '--reason' },
  note: { option: '--note' },
  entry: { option: '--entry' },
  follows: { option: '--follows' },
  description: { option: '--description' },
  [ACTOR_HEADER]: { option: '--actor' },
};

/**
 * Says a refusal in the words of the command line: services name the field of the request, a person knows the option.
 * @param written for fields that mean something else in this command, or have a value worth repeating
 */
export function inOptions(thrown: unknown, written: Readonly<Record<string, Written>> = {}): unknown {
  if (!isCertlaneError(thrown) || thrown.details.field === undefined) return thrown;
  const { field } = thrown.details;
  const named = { ...USUAL, ...written }[field];
  if (named === undefined) return thrown;
  const problem = asClause(named.problem ?? withoutField(thrown.message, field));
  const subject = named.value === undefined ? named.option : `${named.option} is '${named.value}'`;
  const sentence = named.remedy === undefined ? problem : withRemedy(problem, named.remedy);
  const details = { ...thrown.details, field: named.option };
  return new CertlaneError(thrown.code, `${subject}: ${sentence}`, { details, cause: thrown });
}

/** A service begins with the field, as does the check of the request before it. */
function withoutField(message: string, field: string): string {
  const problem = message.replace(/^field '[\w.]+' of the request is not valid: /, '');
  return problem.startsWith(`${field}: `) ? problem.slice(field.length + 2) : problem;
}
