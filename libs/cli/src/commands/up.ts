import { Command } from 'commander';
import { streamNames } from '@certlane/contracts';
import { readEvents } from '../bus.js';
import { jetstreamManager } from '@nats-io/jetstream';
import { undoSetUp } from '../data-folder/layout.js';
import { eventLine } from '../output/event-sentences.js';
import { prepare } from '../up/preparation.js';
import { upSettings, type UpOptions } from '../up/settings.js';
import { Supervisor } from '../up/supervisor.js';
import { UpConsole } from '../up/up-console.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import { EXIT_KILLED } from './report.js';

/** `certlane up`: one station, in the foreground. */
export function upCommand(host: Host): Command {
  return withExamples(
    new Command('up')
      .description(
        "start a station's services, with a NATS of its own, and stay in the foreground; Ctrl-C stops all of it",
      )
      .option('--tcp-port <PORT>', 'port for OFTP2 over TCP; 0: do not listen, auto: any free one', '3305')
      .option('--tls-port <PORT>', 'port for OFTP2 over TLS; 0: do not listen, auto: any free one', '6619')
      .option('--listen <ADDRESS>', 'IP address to listen on for partners; 0.0.0.0 for all', '127.0.0.1')
      .option('--store <URL>', 'nats: or mongodb://…; unless told as before, nats: at first')
      .option(
        '--key-file <FILE>',
        'file with the 32 octets that private keys are sealed with; unless told made once in DIR',
      )
      .option(
        '--fetch-allow <NETWORK...>',
        'networks that trust lists and revocation lists may be fetched from although they are not public, e.g. 10.1.0.0/16; none; unless told as before',
      )
      .option('--nats <URL>', 'use a running NATS (with JetStream) instead of one of its own')
      .option('--nats-passwords <FOLDER>', 'passwords for that NATS, one file USER.password for each user')
      .option('--nats-ca <FILE>', "authorities that the TLS certificates of that NATS's servers end at (PEM)")
      .option(
        '--prefix <NAME>',
        'first token of every subject, where several stations share one NATS; certlane unless told',
      )
      .action(host.action(up)),
    'up --data ./acme',
    'up --data ./acme --listen 0.0.0.0 --tcp-port 0 --store mongodb://db.acme.example/certlane',
  );
}

async function up(context: Context, options: UpOptions): Promise<undefined> {
  const { terminal, style } = context;
  const folder = context.folder();
  const settings = upSettings(options, terminal.workingFolder);
  const preparation = await prepare(folder, settings, terminal.env);
  const console = new UpConsole(terminal, style, context.json);
  console.starting(folder.root);
  let ready = false;
  const release = async (): Promise<void> => {
    // A first start that did not succeed has changed nothing: a slip in --nats or --store must not bind the folder to it.
    if (!ready && preparation.first) await undoSetUp(folder);
    await preparation.lock.release();
  };
  const supervisor = new Supervisor({ ...preparation, lock: { release } }, console, terminal.env);
  const order = stopOrder(() => supervisor.kill());
  try {
    const started = supervisor.start();
    const station = await Promise.race([started, order.given]);
    if (station !== 'stop') {
      ready = true;
      console.ready(station, folder.root);
      await Promise.race([tell(context, console, order.signal), order.given]);
      await order.given;
    }
    console.stopping();
  } finally {
    await context.close();
    await supervisor.stop();
    order.forget();
  }
  console.stopped();
  return undefined;
}

/** Shows what happens as it happens; a failure to read events must not end the station. */
async function tell(context: Context, console: UpConsole, signal: AbortSignal): Promise<void> {
  const link = await context.link();
  try {
    const { streams } = await jetstreamManager(link.nats, { checkAPI: false });
    const { state } = await streams.info(streamNames.events(link.prefix));
    for await (const { event } of readEvents(link.nats, link.prefix, { from: state.last_seq + 1, follow: signal })) {
      console.event(eventLine(context.style, event));
    }
  } catch (thrown) {
    if (!signal.aborted)
      console.event(`events cannot be shown here any more: ${String(thrown)}; certlane events shows them`);
  }
}

/** SIGINT, SIGTERM or SIGHUP: the first one asks to stop, the second ends everything at once. */
function stopOrder(kill: () => void) {
  const stop = new AbortController();
  let give: (order: 'stop') => void;
  const given = new Promise<'stop'>((resolve) => (give = resolve));
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const heard = (): void => {
    if (stop.signal.aborted) {
      kill();
      process.exit(EXIT_KILLED);
    }
    stop.abort();
    give('stop');
  };
  for (const name of names) process.on(name, heard);
  return {
    given,
    signal: stop.signal,
    forget: () => {
      for (const name of names) process.off(name, heard);
    },
  };
}
