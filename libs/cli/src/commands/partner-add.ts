import { Command } from 'commander';
import { registry, usualBypassLimits } from '@certlane/contracts';
import { invalid } from '../input/invalid.js';
import {
  challengeOf,
  connectionOf,
  refuseSessionOptions,
  switches,
  withSettings,
  type SettingsOptions,
} from '../input/partner-options.js';
import { trustChange, type TrustChange } from '../input/trust-options.js';
import { odetteIdFrom } from '../input/values.js';
import { shellWord } from '../output/words.js';
import { passwordsOf, sealedPasswords } from '../station/partner-passwords.js';
import { resolvePartner, resolveStation } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface AddOptions extends SettingsOptions {
  readonly id: string;
  readonly via?: string;
}

/** `certlane partner add` */
export function addPartnerCommand(host: Host): Command {
  const add = withSettings(
    new Command('add')
      .description('add a partner of a station; without --host it calls us')
      .requiredOption('--id <ODETTE-ID>', "the partner's identification code (SSID)")
      .option(
        '--via <PARTNER>',
        'it is a sub-station of this partner: its files come and go in the sessions of that one',
      ),
  ).action(host.action(addPartner));
  return withExamples(
    add,
    'partner add --station O0013000000ACME --id O0177BETA --password BETA1 --host oftp.beta.example --acx --secure-authentication',
    'partner add --id O0177GAMMA --password-file gamma.pass --acx --secure-authentication --acceptance manual',
    'partner add --id O0177BETAPLANT --via O0177BETA --acx',
  );
}

async function addPartner(context: Context, options: AddOptions): Promise<Report> {
  const id = odetteIdFrom(options.id, '--id');
  const trust = trustChange(options, usualBypassLimits);
  if (options.via !== undefined) return addSubStation(context, id, options.via, trust, options);
  const connection = connectionOf(options, null);
  const passwords = await passwordsOf(context.terminal, options);
  if (passwords.partner === undefined) {
    throw invalid(
      '--password',
      undefined,
      'the partner must have a password to send; give --password or --password-file',
    );
  }
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const { partner } = await bus.request(registry.partnerAdd, {
    station,
    id,
    ...(await sealedPasswords(bus, { station, partner: id }, passwords)),
    connection,
    ...switches(options),
    ...trust,
    ...challengeOf(options, { cipher: 'aes-256', keyTransport: 'rsaes-pkcs1-v1_5' }),
  });
  return { data: { partner }, text: `Partner ${id} of station ${station} added. ${nextStep(id)}` };
}

async function addSubStation(
  context: Context,
  id: string,
  viaGiven: string,
  trust: TrustChange,
  options: AddOptions,
): Promise<Report> {
  const via = odetteIdFrom(viaGiven, '--via');
  refuseSessionOptions(options, via);
  const bus = await context.bus();
  const { station } = await resolvePartner(bus, via, options.station, '--via');
  const { partner } = await bus.request(registry.partnerAdd, { station, id, via, ...switches(options), ...trust });
  const text = `Sub-station ${id} of partner ${via} of station ${station} added. ${nextStep(id)}`;
  return { data: { partner }, text };
}

function nextStep(id: string): string {
  const next = `certlane partner identify ${shellWord(id)} --subject CN --issuer ISSUER --usage all`;
  return `Say which certificate to expect: ${next}`;
}
