import { Command } from 'commander';
import { serviceNames } from '@certlane/contracts';
import { z } from 'zod';
import { invalid } from '../input/invalid.js';
import { octetsFrom } from '../input/read-file.js';
import { verificationView } from '../output/audit-view.js';
import { auditedServices, holdsNoted, verifyTrail, type TrailVerdict } from '../station/audit-trails.js';
import type { Context } from './context.js';
import { withExitStatus } from './help.js';
import { withExamples, type Host } from './host.js';
import { EXIT_NO, type Report } from './report.js';

interface VerifyOptions {
  readonly against?: string;
}

/** `certlane audit verify`: recomputes the chains. */
export function verifyAuditCommand(host: Host): Command {
  const command = withExamples(
    new Command('verify')
      .description('recompute the chain of each service: no entry changed, none taken out, none put in between')
      .option(
        '--against <FILE>',
        'what an earlier audit verify --json printed, kept outside of the store: it must still be so',
      )
      .action(host.action(verify)),
    'audit verify',
    'audit verify --json > audit-2026-11-23.json',
    'audit verify --against audit-2026-11-23.json',
  );
  return withExitStatus(
    command,
    `0 every chain is whole (acts whose end is not known are shown); ${EXIT_NO} one is not.`,
  );
}

async function verify(context: Context, options: VerifyOptions): Promise<Report> {
  const noted = options.against === undefined ? [] : await notedIn(context, options.against);
  const bus = await context.bus();
  const verdicts: TrailVerdict[] = [];
  for (const service of auditedServices) {
    context.progress(`recomputing the chain of ${service} …`);
    const verdict = await verifyTrail(bus, service);
    const head = noted.find((one) => one.service === service)?.head;
    const changed = head === undefined ? undefined : await holdsNoted(bus, service, head);
    verdicts.push(changed === undefined ? verdict : { ...verdict, ok: false, broken: verdict.broken ?? changed });
  }
  return {
    data: { services: verdicts },
    text: [verificationView(context.style, verdicts), ...compared(options.against, verdicts)].join('\n'),
    exitStatus: verdicts.every(({ ok }) => ok) ? 0 : EXIT_NO,
  };
}

/** That what was noted is still there would else be said by nothing. */
function compared(file: string | undefined, verdicts: readonly TrailVerdict[]): string[] {
  if (file === undefined || verdicts.some(({ ok }) => !ok)) return [];
  return [`Everything that ${file} notes is still there, unchanged.`];
}

/** What of an earlier verification is needed. */
const earlier = z.object({
  services: z
    .array(
      z.object({
        service: z.enum(serviceNames),
        head: z.object({ number: z.int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) }).optional(),
      }),
    )
    .min(1),
});

/** It holds the acts that were open, too. */
const NOTED_LIMIT = 16 << 20;

async function notedIn(context: Context, file: string): Promise<z.infer<typeof earlier>['services']> {
  const octets = await octetsFrom(context.path(file), '--against', file, NOTED_LIMIT);
  try {
    return earlier.parse(JSON.parse(octets.toString('utf8'))).services;
  } catch {
    throw invalid('--against', file, 'this is not what audit verify --json prints; give a file with that');
  }
}
