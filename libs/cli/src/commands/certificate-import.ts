import { Command } from 'commander';
import { gateway, type OwnCertificate } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { certificatesFrom, oneCertificateFrom } from '../input/certificate-file.js';
import { invalid } from '../input/invalid.js';
import { inOptions, type Written } from '../input/option-names.js';
import { secretFrom } from '../input/password.js';
import { octetsFrom } from '../input/read-file.js';
import { certificateFacts, unusable } from '../output/certificate-rows.js';
import { pairs } from '../output/table.js';
import { shellWord, short } from '../output/words.js';
import { sealSecret } from '../station/seal.js';
import { resolveStation } from '../station/resolve.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

interface ImportOptions {
  readonly station?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly chain?: string;
  readonly password?: string;
  readonly passwordFile?: string;
}

/** `certlane certificate import` */
export function importCertificate(host: Host): Command {
  return withExamples(
    new Command('import')
      .description('put a certificate of ours on file, with its key or for a key that was made here')
      .argument('[FILE]', 'PKCS#12 file (.p12, .pfx) with certificate, key and chain')
      .option('--station <ODETTE-ID>', 'our station; may be left out where there is one only')
      .option('--cert <FILE>', 'certificate (PEM or DER); without --key it answers a request made here')
      .option('--key <FILE>', 'private key of that certificate (PEM or DER)')
      .option('--chain <FILE>', 'certificates of the authorities above it')
      .option('--password <PASSWORD>', 'password of the PKCS#12 file or the key; others on this machine can see it')
      .option('--password-file <FILE>', 'a file with that password in its first line, - for standard input')
      .action(host.action(run)),
    'certificate import --station O0013000000ACME acme.p12 --password-file acme.pass',
    'certificate import --cert acme.pem --key acme.key --chain authorities.pem',
    'certificate import --cert acme.pem',
  );
}

async function run(context: Context, file: string | undefined, options: ImportOptions): Promise<Report> {
  if ((file === undefined) === (options.cert === undefined)) {
    throw invalid('FILE, --cert', undefined, 'give either a PKCS#12 file, or --cert FILE with --key FILE');
  }
  if (file !== undefined && (options.key !== undefined || options.chain !== undefined)) {
    throw invalid(
      options.key === undefined ? '--chain' : '--key',
      undefined,
      'a PKCS#12 file brings key and chain along; leave it out',
    );
  }
  const password = await secretFrom(context.terminal, {
    name: 'password',
    value: options.password,
    file: options.passwordFile,
  });
  const parts =
    file === undefined ? await fromFiles(context, options, password) : await fromPkcs12(context, file, password);
  const bus = await context.bus();
  const station = await resolveStation(bus, options.station);
  const certificate = await send(bus, station, parts).catch((thrown: unknown) => {
    throw inOptions(thrown, writtenFor(file, options, thrown));
  });
  return {
    data: { station, certificate },
    text: [
      `Certificate of station ${station} is on file:`,
      pairs(context.style, certificateFacts(certificate)),
      nextStep(station, certificate),
    ].join('\n'),
  };
}

function nextStep(station: string, certificate: OwnCertificate): string {
  const problem = unusable(certificate, new Date());
  if (problem !== undefined) return `It is ${problem} and cannot be used now.`;
  return `Use it with: certlane certificate activate ${short(certificate.fingerprint)} --station ${shellWord(station)} --usage all`;
}

/** What each field of the request was on the command line. */
function writtenFor(file: string | undefined, options: ImportOptions, thrown: unknown): Record<string, Written> {
  const named = (option: string, value: string | undefined): Written =>
    value === undefined ? { option } : { option, value };
  const given = (option: '--cert' | '--chain', value: string | undefined): Written =>
    value === undefined ? named('FILE', file) : named(option, value);
  return {
    secret: { ...named(file === undefined ? '--key' : 'FILE', file ?? options.key), ...secretWords(options, thrown) },
    certificate: { ...given('--cert', options.cert), remedy: 'import one with an RSA key of 2048 bits or more' },
    chain: given('--chain', options.chain),
  };
}

/** What is wrong with a key or a PKCS#12 file, and what to do about it. */
function secretWords(options: ImportOptions, thrown: unknown): Pick<Written, 'problem' | 'remedy'> {
  const aboutPassword = Error.isError(thrown) && /password/i.test(thrown.message);
  if (!aboutPassword) return { remedy: 'give the file as it was exported: PKCS#12 as FILE, a key with --key' };
  const where = 'with --password or --password-file';
  return (options.password ?? options.passwordFile) === undefined
    ? { problem: 'the file is protected with a password', remedy: `give it ${where}` }
    : { problem: 'the password does not open the file', remedy: `give the right one ${where}` };
}

/** A key or PKCS#12 file with more could not be sealed for one request; real ones have a tenth. */
const SECRET_LIMIT = 1 << 16;

/** What goes to the gateway; the secret is still open. */
interface Parts {
  readonly secret?: Readonly<Record<string, string>>;
  readonly certificate?: string;
  readonly chain: readonly string[];
}

async function fromPkcs12(context: Context, file: string, password: string | undefined): Promise<Parts> {
  const octets = await octetsFrom(context.path(file), 'FILE', file, SECRET_LIMIT);
  if (octets.includes('-----BEGIN ')) {
    const problem = 'the file is PEM text where PKCS#12 is wanted';
    throw invalid('FILE', file, `${problem}; give PEM files with --cert FILE and --key FILE`);
  }
  return { secret: { pkcs12: octets.toString('base64'), password: password ?? '' }, chain: [] };
}

async function fromFiles(context: Context, options: ImportOptions, password: string | undefined): Promise<Parts> {
  const cert = options.cert ?? '';
  const certificate = (await oneCertificateFrom(context.path(cert), '--cert', cert)).base64;
  const chain =
    options.chain === undefined
      ? []
      : (await certificatesFrom(context.path(options.chain), '--chain', options.chain)).map(({ base64 }) => base64);
  if (options.key === undefined) {
    if (password !== undefined)
      throw invalid('--password', undefined, 'there is no key to open; give --key FILE, or leave it out');
    return { certificate, chain };
  }
  const key = (await octetsFrom(context.path(options.key), '--key', options.key, SECRET_LIMIT)).toString('base64');
  return { secret: { key, ...(password === undefined ? {} : { password }) }, certificate, chain };
}

async function send(bus: Bus, station: string, { secret, certificate, chain }: Parts) {
  const sealed =
    secret === undefined
      ? {}
      : { secret: await sealSecret(bus, JSON.stringify(secret), `certificate-import:${station}`) };
  const reply = await bus.request(
    gateway.certificateImport,
    { station, ...sealed, ...(certificate === undefined ? {} : { certificate }), chain: [...chain] },
    { timeoutMs: 30_000 },
  );
  return reply.certificate;
}
