import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { errorTable, exchangeKinds, exchangeRequests, type Exchange } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificateName } from '../input/certificate-name.js';
import { invalid } from '../input/invalid.js';
import { choiceFrom, numberFrom } from '../input/values.js';
import { exchangeLine, stateWords } from '../output/exchange-view.js';
import { count } from '../output/words.js';
import { resolveOwnCertificate, resolvePartner } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { EXIT_REJECTED, type Report } from './report.js';

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
  return withExamples(
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
  ).addHelpText(
    'after',
    `\nExit status ${EXIT_REJECTED}: the partner did not take a certificate over. ${errorTable.unavailable.exitStatus}: no answer in time; the exchange goes on.`,
  );
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
      : (await resolveOwnCertificate(bus, ref.station, await certificateName(text, context.path(text), field), field))
          .fingerprint;
  const certificate = await pick(options.certificate, '--certificate');
  const replaces = await pick(options.replaces, '--replaces');
  const { exchanges } = await bus.request(exchangeRequests.send, {
    ...ref,
    kind,
    ...(certificate === undefined ? {} : { certificate }),
    ...(replaces === undefined ? {} : { replaces }),
  });
  if (exchanges.length === 0) {
    return {
      data: { exchanges },
      text: `Nothing to send: ${ref.partner} holds every certificate in use. Name one with --certificate to send it again.`,
    };
  }
  if (!options.wait) return report(context, exchanges, 'queued');
  const settled = await settle(context, bus, exchanges, AbortSignal.timeout(seconds * 1000));
  return report(
    context,
    settled,
    `after ${count(seconds, 'second')} still without an answer; certlane exchange list shows how it goes on`,
  );
}

/** Follows the exchanges until each has its answer or the time is up. */
async function settle(
  context: Context,
  bus: Bus,
  started: readonly Exchange[],
  deadline: AbortSignal,
): Promise<readonly Exchange[]> {
  const shown = new Map<string, string>();
  let exchanges = started;
  for (;;) {
    for (const exchange of exchanges) {
      const line = `${exchange.kind} ${exchange.id}: ${stateWords(exchange)}`;
      if (shown.get(exchange.id) !== line) context.progress(line);
      shown.set(exchange.id, line);
    }
    if (exchanges.every(isSettled) || deadline.aborted) return exchanges;
    await sleep(POLL_MS);
    exchanges = await Promise.all(
      exchanges.map(async (exchange) =>
        isSettled(exchange)
          ? exchange
          : (await bus.request(exchangeRequests.exchangeGet, { id: exchange.id })).exchange,
      ),
    );
  }
}

function isSettled(exchange: Exchange): boolean {
  return exchange.state === 'acknowledged' || exchange.state === 'rejected';
}

function report(context: Context, exchanges: readonly Exchange[], unsettled: string): Report {
  const lines = exchanges.map((exchange) => exchangeLine(context.style, exchange));
  const open = exchanges.filter((exchange) => !isSettled(exchange));
  const rejected = exchanges.some((exchange) => exchange.state === 'rejected');
  const late = open.length > 0 && unsettled !== 'queued';
  return {
    data: { exchanges },
    text: [...lines, ...(late ? [`${count(open.length, 'exchange')} ${unsettled}`] : [])].join('\n'),
    exitStatus: rejected ? EXIT_REJECTED : late ? errorTable.unavailable.exitStatus : 0,
  };
}
