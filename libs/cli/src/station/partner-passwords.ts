import type { PartnerRef } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { invalid } from '../input/invalid.js';
import type { SettingsOptions } from '../input/partner-options.js';
import { secretFrom, sessionPassword } from '../input/password.js';
import type { Terminal } from '../terminal/terminal.js';
import { sealSecret } from './seal.js';

/** The passwords of a partner, as far as they were given. */
export interface Passwords {
  /** What it sends us. */
  readonly partner: string | undefined;
  /** What we send it. */
  readonly ours: string | undefined;
}

/**
 * The passwords that were given, on the command line or in files.
 * @throws {CertlaneError} `invalid-argument`
 */
export async function passwordsOf(terminal: Terminal, options: SettingsOptions): Promise<Passwords> {
  const partner = await secretFrom(terminal, {
    name: 'password',
    value: options.password,
    file: options.passwordFile,
  });
  if (options.passwordFile === '-' && options.ourPasswordFile === '-') {
    throw invalid('--our-password-file', '-', 'standard input holds --password already; name a file for the other one');
  }
  const ours = await secretFrom(terminal, {
    name: 'our-password',
    value: options.ourPassword === false ? undefined : options.ourPassword,
    file: options.ourPasswordFile,
  });
  if (partner !== undefined) sessionPassword(partner, '--password');
  if (ours !== undefined) sessionPassword(ours, '--our-password');
  return { partner, ours };
}

/** The passwords as the registry takes them, each closed for the gateway. */
export async function sealedPasswords(bus: Bus, ref: PartnerRef, passwords: Passwords) {
  const owner = `${ref.station}:${ref.partner}`;
  return {
    ...(passwords.partner === undefined
      ? {}
      : { password: await sealSecret(bus, passwords.partner, `partner-password:${owner}`) }),
    ...(passwords.ours === undefined
      ? {}
      : { ourPassword: await sealSecret(bus, passwords.ours, `our-password:${owner}`) }),
  };
}
