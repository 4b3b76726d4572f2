import { Command } from 'commander';
import { exchangeRequests, registry, type Approval } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { inOptions } from '../input/option-names.js';
import { reasonFrom } from '../input/reason.js';
import { collect, usagesFrom, USAGE_CHOICES } from '../input/usages.js';
import { exchangeLine } from '../output/exchange-view.js';
import { shellWord, short } from '../output/words.js';
import { resolveApproval } from '../station/resolve-approval.js';
import { pickByPrefix, pickCertificate } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

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
  return withExamples(
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
  const name =
    options.follows === undefined
      ? undefined
      : await certificateName(options.follows, context.path(options.follows), '--follows');
  const bus = await context.bus();
  const { approval } = await resolveApproval(bus, given);
  const entry = options.entry === undefined ? undefined : await entryOf(bus, approval, options.entry);
  const follows = name === undefined ? undefined : await onFile(bus, approval, name, options.follows ?? name);
  const choices = {
    ...(note === undefined ? {} : { note }),
    ...(entry === undefined ? {} : { entry }),
    ...(usages === undefined ? {} : { usages }),
    ...(follows === undefined ? {} : { follows }),
  };
  const { exchange } = await bus
    .request(exchangeRequests.approvalAccept, { id: approval.id, ...choices }, { timeoutMs: DECISION_MS })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, WRITTEN);
    });
  const text = `${short(approval.certificate.fingerprint)} accepted by ${context.actor}. ${exchangeLine(context.style, exchange, new Date())}`;
  return { data: { exchange }, text };
}

async function reject(context: Context, given: string, options: { readonly reason: string }): Promise<Report> {
  const reason = reasonFrom(options.reason, '--reason');
  const bus = await context.bus();
  const { approval } = await resolveApproval(bus, given);
  const { exchange } = await bus
    .request(exchangeRequests.approvalReject, { id: approval.id, reason }, { timeoutMs: DECISION_MS })
    .catch((thrown: unknown) => {
      throw inOptions(thrown, WRITTEN);
    });
  const text = `${short(approval.certificate.fingerprint)} rejected by ${context.actor}. ${exchangeLine(context.style, exchange, new Date())}`;
  return { data: { exchange }, text };
}

/** What the fields of the requests were on the command line. */
const WRITTEN = {
  id: { option: 'ID' },
  note: { option: '--note' },
  entry: { option: '--entry' },
  follows: { option: '--follows' },
  reason: { option: '--reason' },
} as const;

async function partnerOf(bus: Bus, { station, partner }: Approval) {
  return (await bus.request(registry.partnerGet, { station, partner })).partner;
}

async function entryOf(bus: Bus, approval: Approval, given: string): Promise<string> {
  const { entries } = await partnerOf(bus, approval);
  const listing = `certlane partner show ${shellWord(approval.partner)}`;
  const candidates = entries.map(({ id, subject }) => ({ id, label: subject }));
  const wanted = { noun: 'identification entry', field: '--entry', listing };
  return (candidates.find(({ id }) => id === given) ?? pickByPrefix(wanted, given, candidates)).id;
}

async function onFile(bus: Bus, approval: Approval, name: string, shown: string): Promise<string> {
  const { certificates } = await partnerOf(bus, approval);
  const { fingerprint } = pickCertificate(certificates, name, {
    noun: `certificate of ${approval.partner} on file`,
    field: '--follows',
    listing: `certlane partner certificate list ${shellWord(approval.partner)}`,
    key: 'fingerprint',
    shown,
  });
  return fingerprint;
}
