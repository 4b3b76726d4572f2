import { cpus, totalmem } from 'node:os';
import { benches } from './benches.js';
import { printRows } from './report.js';

// `npm run bench`: every benchmark, or those whose names are given; each figure beside a limit measured in the same run.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(
    `bench: unknown benchmark '${unknown.join("', '")}'; there are: ${Object.keys(benches).join(', ')}\n`,
  );
  process.exit(2);
}
process.stdout.write(
  `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n\n`,
);
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`${name}\n`);
  printRows(await run());
}
