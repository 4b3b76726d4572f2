import { Command } from 'commander';
import { readEvents } from '../bus.js';
import { odetteIdFrom } from '../input/values.js';
import { eventLine } from '../output/event-sentences.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';

interface EventsOptions {
  readonly follow?: boolean;
  readonly partner?: string;
}

/** `certlane events`: what happened, in the order in which it was stored. */
export function eventsCommand(host: Host): Command {
  return withExamples(
    new Command('events')
      .description('what happened, oldest first; with --json one CloudEvent (1.0) a line')
      .option('--follow', 'go on with what happens from now, until interrupted')
      .option('--partner <ODETTE-ID>', 'only what concerns this partner')
      .action(host.action(events)),
    'events --follow --partner O0177BETA',
    'events --json',
  );
}

async function events(context: Context, options: EventsOptions): Promise<undefined> {
  const partner = options.partner === undefined ? undefined : odetteIdFrom(options.partner, '--partner');
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const link = await context.link();
    const reading = {
      ...(partner === undefined ? {} : { partner }),
      ...(options.follow === true ? { follow: stop.signal } : {}),
    };
    for await (const { event } of readEvents(link.nats, link.prefix, reading)) {
      if (stop.signal.aborted) break;
      context.terminal.out(context.json ? JSON.stringify(event) : eventLine(context.style, event));
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  return undefined;
}
