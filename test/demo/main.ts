import { checkTable } from './checks.js';
import { demo } from './demo.js';

// `npm run demo`: exit status 0 only if every check was read back from the running services and held.
const begun = performance.now();
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const checks = await demo(print);
const failed = checks.filter(({ ok }) => !ok).length;
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
print(`\n${checkTable(checks)}\n`);
print(
  failed === 0
    ? `All ${checks.length} checks hold (${seconds} s).`
    : `${failed} of ${checks.length} checks do not hold (${seconds} s).`,
);
process.exitCode = failed === 0 && checks.length > 0 ? 0 : 1;
