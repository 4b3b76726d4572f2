import { Command } from 'commander';
import { registry } from '@certlane/contracts';
import { reasonFrom } from '../input/reason.js';
import { limitWords } from '../output/trust-settings-view.js';
import { printable } from '../output/style.js';
import { moment, short } from '../output/words.js';
import { resolvePartner } from '../station/resolve.js';
import { confirmed, YES } from './confirm.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface ReopenOptions {
  readonly station?: string;
  readonly reason: string;
  readonly yes?: boolean;
}

/** `certlane partner bypass …`: the first exchange without secure authentication. */
export function bypassCommands(host: Host): Command {
  const group = new Command('bypass').description('the trust bypass: a first exchange without secure authentication');
  withExamples(
    group
      .command('reopen')
      .description(
        'go back to identification data alone: certificates on file leave session authentication, time and attempts count anew',
      )
      .argument('<PARTNER>', 'its Odette ID')
      .requiredOption('--reason <TEXT>', 'why, for the audit')
      .option('--station <ODETTE-ID>', 'our station, where several have this partner')
      .option(...YES)
      .action(host.action(reopen)),
    'partner bypass reopen O0177BETA --reason "its key was lost, told by telephone by Ms Example"',
  );
  return group;
}

async function reopen(context: Context, given: string, options: ReopenOptions): Promise<Report> {
  const reason = reasonFrom(options.reason, '--reason');
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const { partner: before } = await bus.request(registry.partnerGet, ref);
  const leaving = before.certificates.filter(({ usages }) => usages.includes('session-authentication'));
  if (leaving.length > 0) {
    await confirmed(context, options.yes, {
      summary: `these certificates of ${ref.partner} no longer serve session authentication then`,
      concerned: leaving.map(({ fingerprint, subject }) => `${short(fingerprint)} ${printable(subject)}`),
      question: 'Reopen the bypass?',
    });
  }
  const { partner } = await bus.request(registry.bypassReopen, { ...ref, reason });
  const { until } = partner.bypass;
  const end = until === undefined ? 'without an end' : `until ${moment(until)}`;
  return {
    data: { partner },
    text: `The bypass of ${ref.partner} is open again, ${end} (${limitWords(partner.bypassLimits)}): certificate files may pass without secure authentication.`,
  };
}
