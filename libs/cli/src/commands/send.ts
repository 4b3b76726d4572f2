import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { errorTable, exchangeKinds, exchangeRequests, isCertlaneError, type Exchange } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { invalid } from '../input/invalid.js';
import { choiceFrom, numberFrom } from '../input/values.js';
import { standingOf } from '../output/exchange-standing.js';
import { exchangeLine } from '../output/exchange-view.js';
import { EXIT_HELP, exitStatusOf, outcomesOf } from '../output/send-outcome.js';
import { count } from '../output/words.js';
import { resolveOwnCertificate, resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import { EXIT_INTERRUPTED, type Report } from './report.js';

interface SendOptions {
  readonly station?: string;
  readonly certificate?: string;
  readonly replaces?: string;
  readonly wait: boolean;
  readonly timeout: string;
}

const POLL_MS = 150;

/** `certlane send`: the "Send or request certificates" button. */
export function sendCommand(host: Host): Command {
  const command = withExamples(
    new Command('send')
      .description('send certificates of ours to a partner, and wait for its answer')
      .argument('<PARTNER>', 'its Odette ID')
      .argument('<KIND>', `${exchangeKinds.join(', ')}: announce ours; ask for theirs with ours; recall an earlier one`)
      .option('--station <ODETTE-ID>', 'our station, where several have this partner')
      .option(
        '--certificate <ID>',
        'which of our certificates (fingerprint or file); unless told, those in use (deliver: that it does not hold yet)',
      )
      .option('--replaces <ID>', 'which certificate of ours it follows (fingerprint or file)')
      .option('--no-wait', 'return as soon as the exchange is queued')
      .option('--timeout <SECONDS>', 'how long to wait for the answer', '60')
      .action(host.action(send)),
    'send O0177BETA request',
    'send O0177BETA replace --certificate 3f9a1c --replaces 77ab02',
    'send O0177BETA deliver --no-wait --json',
  );
  return withExitStatus(command, EXIT_HELP);
}

async function send(context: Context, given: string, kindGiven: string, options: SendOptions): Promise<Report> {
  const kind = choiceFrom(kindGiven, 'KIND', exchangeKinds);
  const seconds = numberFrom(options.timeout, '--timeout', 1, 86_400);
  if (kind === 'request' && options.replaces !== undefined) {
    throw invalid('--replaces', options.replaces, 'a request follows no certificate; use it with deliver or replace');
  }
  const bus = await context.bus();
  const ref = await resolvePartner(bus, given, options.station);
  const pick = async (text: string | undefined, field: string) =>
    text === undefined
      ? undefined
      : (
          await resolveOwnCertificate(
            bus,
            ref.station,
            await certificateName(text, context.path(text), field),
            field,
            text,
          )
        ).fingerprint;
  const certificate = await pick(options.certificate, '--certificate');
  const replaces = await pick(options.replaces, '--replaces');
  if (replaces !== undefined && replaces === certificate) {
    throw invalid(
      '--replaces',
      options.replaces,
      'no certificate follows itself; name the one that --certificate follows',
    );
  }
  const { exchanges } = await bus.request(exchangeRequests.send, {
    ...ref,
    kind,
    ...(certificate === undefined ? {} : { certificate }),
    ...(replaces === undefined ? {} : { replaces }),
  });
  if (exchanges.length === 0) {
    return {
      data: { exchanges, outcomes: [] },
      text: `Nothing to send: ${ref.partner} holds every certificate in use. Name one with --certificate to send it again.`,
    };
  }
  // Queued is what was asked for: where it goes from there is shown, not judged.
  if (!options.wait) return { ...report(context, exchanges), exitStatus: 0 };
  const interrupt = interruption();
  try {
    const followed = await follow(context, bus, exchanges, AbortSignal.timeout(seconds * 1000), interrupt.signal);
    if (!interrupt.signal.aborted) {
      return report(context, followed.exchanges, [...waited(followed.exchanges, seconds), ...followed.doubts]);
    }
    context.terminal.err(
      `certlane: no longer waiting; the exchange goes on by itself, see: ${look(followed.exchanges)}`,
    );
    return { ...report(context, followed.exchanges), exitStatus: EXIT_INTERRUPTED };
  } finally {
    interrupt.forget();
  }
}

/** The first SIGINT (Ctrl-C) or SIGTERM ends the wait; a second one the command, as if nobody listened. */
function interruption() {
  const stop = new AbortController();
  const heard = (): void => {
    forget();
    stop.abort();
  };
  const forget = (): void => void process.off('SIGINT', heard).off('SIGTERM', heard);
  process.on('SIGINT', heard).on('SIGTERM', heard);
  return { signal: stop.signal, forget };
}

/** What is known of exchanges, and what may make it out of date. */
interface Followed {
  readonly exchanges: readonly Exchange[];
  readonly doubts: readonly string[];
}

/** Follows the exchanges until each is over, the time is up, or nobody wants to wait any more. */
async function follow(
  context: Context,
  bus: Bus,
  started: readonly Exchange[],
  deadline: AbortSignal,
  interrupted: AbortSignal,
): Promise<Followed> {
  const enough = new Promise<undefined>((resolve) =>
    interrupted.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  const shown = new Map<string, string>();
  let exchanges = started;
  let doubts: readonly string[] = [];
  for (;;) {
    for (const exchange of exchanges) {
      const line = `${exchange.kind} ${exchange.id}: ${standingOf(exchange, new Date()).sentence}`;
      if (shown.get(exchange.id) !== line) context.progress(line);
      shown.set(exchange.id, line);
    }
    if (exchanges.every(isOver) || deadline.aborted || interrupted.aborted) return { exchanges, doubts };
    await Promise.race([sleep(POLL_MS), enough]);
    try {
      // An answer that nobody waits for may come as late as it likes.
      const latest = await Promise.race([Promise.all(exchanges.map((one) => latestOf(bus, one))), enough]);
      exchanges = latest ?? exchanges;
      doubts = [];
    } catch (thrown) {
      // What was queued is safe while a service is away; only what is known of it grows old.
      if (!isCertlaneError(thrown) || !errorTable[thrown.code].retryable) throw thrown;
      doubts = [`The station does not answer for now (${thrown.message}): this is what was known before.`];
    }
  }
}

async function latestOf(bus: Bus, exchange: Exchange): Promise<Exchange> {
  return isOver(exchange) ? exchange : (await bus.request(exchangeRequests.exchangeGet, { id: exchange.id })).exchange;
}

function isOver(exchange: Exchange): boolean {
  return exchange.awaits === undefined;
}

function waited(exchanges: readonly Exchange[], seconds: number): string[] {
  if (exchanges.every(isOver)) return [];
  return [`Waited ${count(seconds, 'second')}; it goes on by itself, see: ${look(exchanges)}`];
}

/** The command that shows where the exchanges stand that are not over. */
function look(exchanges: readonly Exchange[]): string {
  const [first, ...more] = exchanges.filter((exchange) => !isOver(exchange));
  return first === undefined || more.length > 0 ? 'certlane exchange list' : `certlane exchange show ${first.id}`;
}

function report(context: Context, exchanges: readonly Exchange[], remarks: readonly string[] = []): Report {
  const now = new Date();
  const outcomes = outcomesOf(exchanges, now);
  return {
    data: { exchanges, outcomes },
    text: [...exchanges.map((exchange) => exchangeLine(context.style, exchange, now)), ...remarks].join('\n'),
    exitStatus: exitStatusOf(outcomes),
  };
}
