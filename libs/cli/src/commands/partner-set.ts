import { Command } from 'commander';
import { registry, usualBypassLimits, type Partner } from '@certlane/contracts';
import { invalid } from '../input/invalid.js';
import {
  challengeOf,
  connectionOf,
  refuseSessionOptions,
  switches,
  withSettings,
  type SettingsOptions,
} from '../input/partner-options.js';
import { trustChange } from '../input/trust-options.js';
import { reachedAt } from '../output/partner-view.js';
import { limitWords } from '../output/trust-settings-view.js';
import { passwordsOf, sealedPasswords } from '../station/partner-passwords.js';
import { resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** `certlane partner set` */
export function setPartnerCommand(host: Host): Command {
  // commander takes an option's default from `--no-…` where that one is declared first: the settings come before.
  const set = withSettings(
    new Command('set')
      .description('change settings of a partner; what is left out stays')
      .argument('<PARTNER>', 'its Odette ID'),
  )
    .option('--no-host', 'the partner calls us: forget how to reach it')
    .option('--no-our-password', "send the station's password again")
    .option('--no-acx', 'no automatic exchange of certificates')
    .option('--no-secure-authentication', 'sessions without secure authentication')
    .option('--no-tls-client-authentication', 'ask the partner for no TLS client certificate')
    .option('--no-two-person', 'anybody may approve what comes from now on')
    .option('--no-weak-keys', 'refuse weak keys and signatures')
    .action(host.action(setPartner));
  return withExamples(
    set,
    'partner set O0177BETA --port 6620',
    'partner set O0177BETA --acceptance manual --revocation fail --two-person',
    'partner set O0177BETA --bypass-days 7 --bypass-address 192.0.2.0/24',
  );
}

async function setPartner(context: Context, given: string, options: SettingsOptions): Promise<Report> {
  const passwords = await passwordsOf(context.terminal, options);
  if (options.ourPassword === false && passwords.ours !== undefined) {
    throw invalid('--no-our-password', undefined, 'it contradicts --our-password-file; leave one of them out');
  }
  // A slip in one of them is found before anybody is asked.
  trustChange(options, usualBypassLimits);
  const touchesConnection = [options.host, options.port, options.tls, options.tcp].some((value) => value !== undefined);
  const touchesChallenge = (options.challengeCipher ?? options.challengeKeyTransport) !== undefined;
  if (touchesConnection && options.host !== undefined) connectionOf(options, null);
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner: before } = await bus.request(registry.partnerGet, ref);
  if (before.via !== undefined) refuseSessionOptions(options, before.via);
  const change = {
    ...(await sealedPasswords(bus, ref, passwords)),
    ...(options.ourPassword === false ? { ourPassword: null } : {}),
    ...(touchesConnection ? { connection: connectionOf(options, before.connection) } : {}),
    ...switches(options),
    ...trustChange(options, before.bypassLimits),
    ...(touchesChallenge ? challengeOf(options, before.challenge) : {}),
  };
  if (Object.keys(change).length === 0) {
    throw invalid('partner set', undefined, 'nothing to change was named; see certlane partner set --help');
  }
  const { partner } = await bus.request(registry.partnerSet, { ...ref, ...change });
  return {
    data: { partner },
    text: `Partner ${ref.partner} of station ${ref.station}: ${changeWords(Object.keys(change), partner)}.`,
  };
}

/** What was set, in the words of `partner show`. */
function changeWords(names: readonly string[], partner: Partner): string {
  const { challenge } = partner;
  const words: Readonly<Record<string, string>> = {
    password: 'the password it sends is set',
    ourPassword: partner.hasOwnPassword ? 'we send it a password of its own' : "we send it the station's password",
    connection: partner.connection === null ? 'it calls us' : `reached at ${reachedAt(partner.connection)}`,
    acx: `automatic exchange ${partner.acx ? 'on' : 'off'}`,
    secureAuthentication: `secure authentication ${partner.secureAuthentication ? 'required' : 'off'}`,
    tlsClientAuthentication: `TLS client certificate ${partner.tlsClientAuthentication ? 'required' : 'not asked for'}`,
    challenge: `challenges ${challenge.cipher}, ${challenge.keyTransport}`,
    acceptance: `acceptance ${partner.acceptance}`,
    selfSigned: `self-signed certificates ${partner.selfSigned}`,
    revocation: `revocation ${partner.revocation}`,
    twoPerson: `approvals by ${partner.twoPerson ? 'another person than the one who entered what to expect' : 'anybody from now on; what waits already keeps its rule'}`,
    weakKeys: `weak keys ${partner.weakKeys ? 'taken' : 'refused'}`,
    bypassLimits: `bypass: ${limitWords(partner.bypassLimits)}`,
  };
  return names.map((name) => words[name] ?? name).join('; ');
}
