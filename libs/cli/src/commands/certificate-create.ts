import { open, rm } from 'node:fs/promises';
import { Command } from 'commander';
import { gateway } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { ownSubjectFrom } from '../input/subject.js';
import { invalid } from '../input/invalid.js';
import { choiceFrom, numberFrom } from '../input/values.js';
import { certificateFacts } from '../output/certificate-rows.js';
import { pairs } from '../output/table.js';
import { shellWord, short } from '../output/words.js';
import { resolveStation } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface CreateOptions {
  readonly station?: string;
  readonly subject: string;
  readonly selfSigned?: boolean;
  readonly csr?: string;
  readonly bits: string;
  readonly days?: string;
}

/** Generating an RSA key of 4096 bits takes seconds on a small machine. */
const KEY_TIMEOUT_MS = 60_000;
/** Days a self-signed certificate is valid unless told. */
const DAYS = 730;
/** RSA sizes of the OFTP2 profile. */
const BITS = ['2048', '3072', '4096'] as const;

/** `certlane certificate create` */
export function createCertificate(host: Host): Command {
  return withExamples(
    new Command('create')
      .description(
        'make a key (it stays sealed in the gateway) with a self-signed certificate or a certification request',
      )
      .option('--station <ODETTE-ID>', 'our station; may be left out where there is one only')
      .requiredOption('--subject <DN>', 'subject, with the host name partners dial as CN')
      .option('--self-signed', 'make a self-signed certificate')
      .option('--csr <FILE>', 'write a certification request (PKCS#10, PEM) into a new file, - for standard output')
      .option('--bits <NUMBER>', `size of the RSA key: ${BITS.join(', ')}`, '2048')
      .option('--days <NUMBER>', `days a self-signed certificate is valid (default: "${DAYS}")`)
      .action(host.action(create)),
    'certificate create --station O0013000000ACME --subject "CN=oftp.acme.example,O=Acme,C=DE" --csr acme.csr',
    'certificate create --subject "CN=oftp.acme.example" --self-signed --days 365',
  );
}

async function create(context: Context, options: CreateOptions): Promise<Report> {
  const subject = await ownSubjectFrom(options.subject, '--subject');
  const bits = Number(choiceFrom(options.bits, '--bits', BITS)) as 2048 | 3072 | 4096;
  const days = options.days === undefined ? DAYS : numberFrom(options.days, '--days', 1, 3650);
  if ((options.selfSigned === true) === (options.csr !== undefined)) {
    throw invalid(
      '--self-signed, --csr',
      undefined,
      'choose one: --self-signed, or --csr FILE for an authority to sign',
    );
  }
  if (options.csr !== undefined && options.days !== undefined) {
    throw invalid('--days', options.days, 'how long it is valid is for the authority to say; leave it out with --csr');
  }
  if (options.csr === '') throw invalid('--csr', '', 'no file is named; name a new file, or - for standard output');
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const wanted = { station, subject, bits, days };
  return options.csr === undefined ? selfSigned(context, bus, wanted) : request(context, bus, wanted, options.csr);
}

interface Wanted {
  readonly station: string;
  readonly subject: string;
  readonly bits: 2048 | 3072 | 4096;
  readonly days: number;
}

async function selfSigned(context: Context, bus: Bus, wanted: Wanted): Promise<Report> {
  const reply = await bus.request(
    gateway.certificateCreate,
    { ...wanted, kind: 'self-signed' },
    { timeoutMs: KEY_TIMEOUT_MS },
  );
  if (reply.certificate === undefined) throw new TypeError('the gateway replied without the certificate');
  return {
    data: { station: wanted.station, certificate: reply.certificate },
    text: [
      'Self-signed certificate made:',
      pairs(context.style, certificateFacts(reply.certificate)),
      `Use it with: certlane certificate activate ${short(reply.certificate.fingerprint)} --station ${shellWord(wanted.station)} --usage all`,
    ].join('\n'),
  };
}

async function request(context: Context, bus: Bus, wanted: Wanted, file: string): Promise<Report> {
  // The file is made before the key is: a file that cannot be written must not leave a key behind.
  const write = file === '-' ? undefined : await newFile(context.path(file), file);
  try {
    const reply = await bus.request(
      gateway.certificateCreate,
      { ...wanted, kind: 'request' },
      { timeoutMs: KEY_TIMEOUT_MS },
    );
    if (reply.request === undefined) throw new TypeError('the gateway replied without the request');
    await write?.(reply.request);
    const data = { station: wanted.station, request: reply.request, ...(file === '-' ? {} : { file }) };
    if (file === '-') return { data, text: reply.request.trimEnd() };
    const next = `certlane certificate import --station ${shellWord(wanted.station)} --cert FILE`;
    return { data, text: `Certification request written to ${file}. When the authority has signed it: ${next}` };
  } catch (thrown) {
    if (write !== undefined) await rm(context.path(file), { force: true });
    throw thrown;
  }
}

async function newFile(path: string, shown: string): Promise<(text: string) => Promise<void>> {
  try {
    await (await open(path, 'wx', 0o644)).close();
  } catch (thrown) {
    const code = (thrown as { code?: unknown }).code;
    const problem = code === 'EEXIST' ? 'the file exists already' : 'the file cannot be made there';
    throw invalid('--csr', shown, `${problem}; name a new file in a folder you may write to, or - for standard output`);
  }
  return async (text) => {
    const file = await open(path, 'w');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
  };
}
