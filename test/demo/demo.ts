import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Checks, type Check } from './checks.js';
import { Company } from './company.js';
import { firstExchange } from './steps/first-exchange.js';
import { introduce } from './steps/introduce.js';
import { recall } from './steps/recall.js';
import { refusals } from './steps/refusals.js';
import { renew } from './steps/renew.js';
import { secureSession } from './steps/secure-session.js';
import { tellTheStory } from './steps/story.js';

/**
 * The main job: two stations of two companies, nothing shared but TCP ports, exchange, renew and recall their certificates.
 * Everything is done with the `certlane` command, and read back from the running services.
 * @param print takes progress, a line at a time
 */
export async function demo(print: (line: string) => void): Promise<Check[]> {
  const checks = new Checks(print);
  const folder = await mkdtemp(join(tmpdir(), 'certlane-demo-'));
  const companies: Company[] = [];
  let held = false;
  const found = async (name: string, id: string, password: string): Promise<Company> => {
    const company = await Company.found(name, id, password, folder);
    companies.push(company);
    return company;
  };
  try {
    checks.step('0 Two stations start, each with its own NATS and its own four services');
    const [a, b] = await Promise.all([
      found('Acme', 'O0013000000ACME', 'ACME1'),
      found('Beta', 'O0177000000BETA', 'BETA1'),
    ]);
    const scene = { a, b, checks };
    const known = await introduce(scene);
    await firstExchange(scene, known);
    await secureSession(scene, known);
    const renewed = await renew(scene, known);
    const last = await recall(scene, renewed);
    await refusals(scene);
    await tellTheStory(scene, { ...known, renewed, last });
    checks.step('8 Both stop cleanly');
    const statuses = await Promise.all([a.close(), b.close()]);
    checks.equal('exit status of both certlane up', statuses, [0, 0]);
    held = checks.all.every(({ ok }) => ok);
    return checks.all;
  } finally {
    await Promise.all(companies.map((company) => company.close()));
    if (held) await rm(folder, { recursive: true, force: true });
    else print(`\nWhat the stations left, logs included, is in ${folder}`);
  }
}
