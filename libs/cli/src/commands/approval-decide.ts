import { Command } from 'commander';
import { exchangeRequests, registry, type Partner } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { inOptions } from '../input/option-names.js';
import { reasonFrom } from '../input/reason.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { exchangeLine } from '../output/exchange-view.js';
import { shellWord } from '../output/words.js';
import { namedApproval, type NamedApproval, type WaitingApproval } from '../station/resolve-approval.js';
import { pickByPrefix, pickCertificate } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import { EXIT_NO, type Report } from './report.js';

interface AcceptOptions {
  readonly note?: string;
  readonly entry?: string;
  readonly usage?: readonly string[];
  readonly follows?: string;
}

const ID = 'id of the approval, or the beginning of it';

/** Deciding asks the registry and ca-store again. */
const DECISION_MS = 30_000;

/** `certlane approval accept` */
export function acceptApprovalCommand(host: Host): Command {
  const command = withExamples(
    new Command('accept')
      .description('take the certificate over all the same; what speaks of an attack still stands against it')
      .argument('<ID>', ID)
      .option('--note <TEXT>', 'why, for the record')
      .option('--entry <ENTRY>', 'which identification entry it belongs to, where several fit')
      .option('--usage <USAGES>', `what it is to serve, where nothing says so: ${USAGE_CHOICES}`, collect)
      .option(
        '--follows <CERTIFICATE>',
        'which certificate on file it follows (fingerprint or file), where nothing says so',
      )
      .action(host.action(accept)),
    'approval accept in-01930c5e --note "fingerprint compared by telephone with Ms Example"',
    'approval accept in-01930c5e --usage all --follows 77ab02',
  );
  return withExitStatus(command, `0 it is taken over; ${EXIT_NO} it is refused all the same.`);
}

/** `certlane approval reject` */
export function rejectApprovalCommand(host: Host): Command {
  return withExamples(
    new Command('reject')
      .description('do not take the certificate over; the partner is told the reason (NERP)')
      .argument('<ID>', ID)
      .requiredOption('--reason <TEXT>', 'why; the partner reads it')
      .action(host.action(reject)),
    'approval reject in-01930c5e --reason "not announced; please call +49 30 0000000"',
  );
}

async function accept(context: Context, given: string, options: AcceptOptions): Promise<Report> {
  const note = options.note === undefined ? undefined : reasonFrom(options.note, '--note');
  const usages = options.usage === undefined ? undefined : usagesFrom(options.usage);
  const follows =
    options.follows === undefined
      ? undefined
      : await certificateName(options.follows, context.path(options.follows), '--follows');
  const bus = await context.bus();
  const named = await namedApproval(bus, given);
  // What waits no more is told its outcome by the service, whatever else was said.
  const more =
    named.waits && named.found.approval.decided === undefined
      ? await choices(bus, named.found, { ...options, follows })
      : {};
  const { exchange } = await bus
    .request(
      exchangeRequests.approvalAccept,
      {
        id: idOf(named),
        ...(note === undefined ? {} : { note }),
        ...(usages === undefined ? {} : { usages }),
        ...more,
      },
      { timeoutMs: DECISION_MS },
    )
    .catch((thrown: unknown) => {
      throw inOptions(thrown, WRITTEN);
    });
  const text = exchangeLine(context.style, exchange, new Date());
  // What speaks of an attack stands against it, whatever a person says.
  return { data: { exchange }, text, exitStatus: exchange.state === 'refused' ? EXIT_NO : 0 };
}

async function reject(context: Context, given: string, options: { readonly reason: string }): Promise<Report> {
  const reason = reasonFrom(options.reason, '--reason');
  const bus = await context.bus();
  const id = idOf(await namedApproval(bus, given));
  const { exchange } = await bus
    .request(exchangeRequests.approvalReject, { id, reason }, { timeoutMs: DECISION_MS })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, WRITTEN);
    });
  return { data: { exchange }, text: exchangeLine(context.style, exchange, new Date()) };
}

/** What `id` was on the command line; elsewhere it is an option. */
const WRITTEN = { id: { option: 'ID' } } as const;

function idOf(named: NamedApproval): string {
  return named.waits ? named.found.approval.id : named.exchange.id;
}

/** What a person chooses among what is known of whoever sent the certificate, which may be a sub-station. */
async function choices(
  bus: Bus,
  { approval: { station }, decision }: WaitingApproval,
  given: { readonly entry?: string; readonly follows: string | undefined },
) {
  if ((given.entry ?? given.follows) === undefined) return {};
  const { originator } = decision.inputs;
  const { partner } = await bus.request(registry.partnerGet, { station, partner: originator });
  return {
    ...(given.entry === undefined ? {} : { entry: entryOf(partner, given.entry) }),
    ...(given.follows === undefined ? {} : { follows: onFile(partner, given.follows) }),
  };
}

function entryOf({ id: owner, entries }: Partner, given: string): string {
  const candidates = entries.map(({ id, subject }) => ({ id, label: subject }));
  const listing = `certlane partner show ${shellWord(owner)}`;
  const wanted = { noun: 'identification entry', field: '--entry', listing };
  return (candidates.find(({ id }) => id === given) ?? pickByPrefix(wanted, given, candidates)).id;
}

function onFile({ id: owner, certificates }: Partner, given: string): string {
  const { fingerprint } = pickCertificate(certificates, given, {
    noun: `certificate of ${owner} on file`,
    field: '--follows',
    listing: `certlane partner certificate list ${shellWord(owner)}`,
    key: 'fingerprint',
  });
  return fingerprint;
}
