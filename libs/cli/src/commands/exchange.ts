import { Command } from 'commander';
import { exchangeRequests } from '@certlane/contracts';
import { numberFrom, odetteIdFrom } from '../input/values.js';
import { exchangeTable, exchangeView } from '../output/exchange-view.js';
import { namesFor } from '../station/names.js';
import { newestExchanges } from '../station/exchanges-with.js';
import { resolveExchange } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface ListOptions {
  readonly station?: string;
  readonly partner?: string;
  readonly limit: string;
}

/** `certlane exchange …`: each certificate that was sent or received, and its answer. */
export function exchangeCommands(host: Host): Command {
  const group = new Command('exchange').description('certificates sent and received, each with its answer');
  withExamples(
    group
      .command('list')
      .description('exchanges, newest first: where each stands, since when, how often it failed, and what comes next')
      .option('--station <ODETTE-ID>', 'only of this station')
      .option(
        '--partner <ODETTE-ID>',
        'only with this partner, its sub-stations included; or only with this sub-station',
      )
      .option('--limit <NUMBER>', 'how many at most', '50')
      .action(host.action(list)),
    'exchange list --partner O0177BETA',
  );
  withExamples(
    group
      .command('show')
      .description('one exchange: where it stands and why, what comes next, and the whole of its decision')
      .argument('<ID>', 'its id, or the beginning of it')
      .action(host.action(show)),
    'exchange show 01930c5e',
  );
  return group;
}

async function list(context: Context, options: ListOptions): Promise<Report> {
  const limit = numberFrom(options.limit, '--limit', 1, 100_000);
  const filter = {
    ...(options.station === undefined ? {} : { station: odetteIdFrom(options.station, '--station') }),
    ...(options.partner === undefined ? {} : { partner: odetteIdFrom(options.partner, '--partner') }),
  };
  const exchanges = await newestExchanges(await context.bus(), filter, limit);
  return { data: { exchanges }, text: exchangeTable(context.style, exchanges, new Date()) };
}

async function show(context: Context, id: string): Promise<Report> {
  const bus = await context.bus();
  const { id: whole } = await resolveExchange(bus, id);
  const { exchange } = await bus.request(exchangeRequests.exchangeGet, { id: whole });
  const { certificate, decision } = exchange;
  const names = await namesFor(bus, [decision?.validation], certificate === undefined ? [] : [certificate]);
  return { data: { exchange }, text: exchangeView(context.style, exchange, new Date(), names) };
}
