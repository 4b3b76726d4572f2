import { parseArgs } from 'node:util';
import { interoperabilitySet } from './interoperability-set.js';
import { FolderNotEmpty, writeSet } from './write-set.js';

const DEFAULT_URL = 'http://127.0.0.1:8080';
const DEFAULT_PASSWORD = 'interoperability';

const HELP = `Usage: node test/dist/support/interoperability/main.js --out DIR [options]

Writes the interoperability certificates of Odette (OP09 4.6) into a folder: CA01 to CA14, CB01, CB04 to CB06
with their keys, their authorities, revocation lists, signed trust lists, and a README that says who is who.

Options:
  --out DIR            a new or empty folder
  --url BASE           where the folder will be published (default: ${DEFAULT_URL})
  --host NAME          DNS name or address in each certificate (default: its common name)
  --responders         the certificates name OCSP responders, too
  --password PASSWORD  of the PKCS#12 files (default: ${DEFAULT_PASSWORD})
  --help               this text

Exit status: 0 when done, 1 when a file cannot be written, 2 for a word that is not understood.
`;

const OPTIONS = {
  out: { type: 'string' },
  url: { type: 'string', default: DEFAULT_URL },
  host: { type: 'string' },
  responders: { type: 'boolean', default: false },
  password: { type: 'string', default: DEFAULT_PASSWORD },
  help: { type: 'boolean', default: false },
} as const;

/** Words that are not understood; the message says what to do. */
class UsageError extends Error {}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError || error instanceof FolderNotEmpty;
  const { message, code = '' } = error as NodeJS.ErrnoException;
  const wrong = usage || code.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`interoperability: ${message}${wrong ? '; --help tells more' : ''}\n`);
  process.exitCode = wrong ? 2 : 1;
}

async function run(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { out, url, host, responders, password } = values;
  if (out === undefined || out === '') throw new UsageError('--out is missing; give a new or empty folder');
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw new UsageError(`--url "${url}" is no address such as ${DEFAULT_URL}`);
  }
  const set = await interoperabilitySet({
    now: new Date(),
    baseUrl: url,
    responders,
    ...(host === undefined ? {} : { host }),
  });
  const files = await writeSet(set, out, password);
  process.stdout.write(`${files.length} files in ${out}; README.md says who is who\n`);
  return 0;
}
