import { Command } from 'commander';
import { exchangeRequests } from '@certlane/contracts';
import { everyEntry } from '../bus.js';
import { odetteIdFrom } from '../input/values.js';
import { approvalTable, approvalView } from '../output/approval-view.js';
import { namesFor } from '../station/names.js';
import { waitingApproval } from '../station/resolve-approval.js';
import { acceptApprovalCommand, rejectApprovalCommand } from './approval-decide.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface ListOptions {
  readonly station?: string;
  readonly partner?: string;
}

/** `certlane approval …`: certificates of partners that wait for a person. */
export function approvalCommands(host: Host): Command {
  const group = new Command('approval').description('certificates of partners that wait for a person');
  withExamples(
    group
      .command('list')
      .description(
        'what waits for a person, or for the partner to get what a person decided; the longest waiting first',
      )
      .option('--station <ODETTE-ID>', 'only of this station')
      .option('--partner <ODETTE-ID>', 'only of this partner')
      .action(host.action(list)),
    'approval list',
  );
  withExamples(
    group
      .command('show')
      .description('one of them: why it waits, what was found so far, and what can be done or was decided')
      .argument('<ID>', 'its id, or the beginning of it')
      .action(host.action(show)),
    'approval show in-01930c5e',
  );
  group.addCommand(acceptApprovalCommand(host));
  group.addCommand(rejectApprovalCommand(host));
  return group;
}

async function list(context: Context, options: ListOptions): Promise<Report> {
  const filter = {
    ...(options.station === undefined ? {} : { station: odetteIdFrom(options.station, '--station') }),
    ...(options.partner === undefined ? {} : { partner: odetteIdFrom(options.partner, '--partner') }),
  };
  const bus = await context.bus();
  const wanted = { ...filter, limit: 200 };
  const approvals = await everyEntry(bus, exchangeRequests.approvalList, wanted, (page) => page.approvals);
  return { data: { approvals }, text: approvalTable(context.style, approvals) };
}

async function show(context: Context, given: string): Promise<Report> {
  const bus = await context.bus();
  const found = await waitingApproval(bus, given);
  if (context.json) return { data: found, text: '' };
  const { approval, decision } = found;
  const names = await namesFor(bus, [decision.validation], [approval.certificate]);
  return { data: found, text: approvalView(context.style, approval, decision, names) };
}
