import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { errorTable, isCertlaneError, type AuditEntry } from '@certlane/contracts';
import { odetteIdFrom } from '../input/values.js';
import { auditDetails, auditLine } from '../output/audit-view.js';
import { auditedServices, mergedByTime, TrailReader } from '../station/audit-trails.js';
import { verifyAuditCommand } from './audit-verify.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';

interface AuditOptions {
  readonly station?: string;
  readonly partner?: string;
  readonly follow?: boolean;
  readonly details?: boolean;
}

/** Trails are no events: whoever follows them asks again and again. */
const POLL_MS = 500;

/** `certlane audit`: who did what, to what, and why; the trails of all services as one. */
export function auditCommand(host: Host): Command {
  const audit = new Command('audit')
    .description('who did what and why, oldest first; with --json one entry a line')
    .option('--station <ODETTE-ID>', 'only what concerns this station of ours')
    .option('--partner <ODETTE-ID>', 'only what concerns this partner')
    .option('--follow', 'go on with what happens from now, until interrupted')
    .option('--details', 'also what was there before and after')
    .action(host.action(run));
  audit.addCommand(verifyAuditCommand(host));
  withExitStatus(audit);
  return withExamples(audit, 'audit --partner O0177BETA --details', 'audit --follow --json', 'audit verify');
}

async function run(context: Context, options: AuditOptions): Promise<undefined> {
  const filter = {
    ...(options.station === undefined ? {} : { station: odetteIdFrom(options.station, '--station') }),
    ...(options.partner === undefined ? {} : { partner: odetteIdFrom(options.partner, '--partner') }),
  };
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const bus = await context.bus();
    const readers = auditedServices.map((service) => new TrailReader(bus, service, filter));
    const show = (entry: AuditEntry): void => tell(context, entry, options.details === true);
    await showAll(readers, show, stop.signal);
    while (options.follow === true && !stop.signal.aborted) {
      await sleep(POLL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      await showAll(readers, show, stop.signal).catch(bearable(context));
    }
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
  return undefined;
}

async function showAll(
  readers: readonly TrailReader[],
  show: (entry: AuditEntry) => void,
  stop: AbortSignal,
): Promise<void> {
  for await (const entry of mergedByTime(readers.map((reader) => reader.read()))) {
    if (stop.aborted) return;
    show(entry);
  }
}

/** A service that is away for a moment must not end a reading that is to go on for days. */
function bearable(context: Context): (thrown: unknown) => void {
  return (thrown) => {
    if (!isCertlaneError(thrown) || !errorTable[thrown.code].retryable) throw thrown;
    context.progress(`for now: ${thrown.message}`);
  };
}

function tell(context: Context, entry: AuditEntry, details: boolean): void {
  const { style, terminal } = context;
  if (context.json) {
    terminal.out(JSON.stringify(entry));
    return;
  }
  terminal.out(auditLine(style, entry));
  const more = details ? auditDetails(style, entry) : '';
  if (more !== '') terminal.out(more);
}
