import { Command } from 'commander';
import { ca, type TrustListView } from '@certlane/contracts';
import { everyEntry, type Bus } from '../bus.js';
import { trustListNameFrom } from '../input/trust-list-options.js';
import { dependentWords, type Dependent } from '../output/issuer-view.js';
import { count, shellWord } from '../output/words.js';
import { dependentsOn } from '../station/dependents.js';
import { confirmed, YES } from './confirm.js';
import type { Context } from './context.js';
import { withExamples, type Host } from './host.js';
import type { Report } from './report.js';

/** Authorities of which a request supposes something at most; the longest lists have less than a hundred. */
const MOST_SUPPOSED = 256;

/** `certlane tsl remove`. */
export function removeTrustListCommand(host: Host): Command {
  return withExamples(
    new Command('remove')
      .description(
        'stop following a trust list: says whose certificates it would break, and asks where anything is trusted on it',
      )
      .argument('<NAME>', 'its name here')
      .option(...YES)
      .action(host.action(remove)),
    'tsl remove odette',
    'tsl remove odette --yes',
  );
}

async function remove(context: Context, given: string, options: { readonly yes?: boolean }): Promise<Report> {
  const name = trustListNameFrom(given);
  const bus = await context.bus();
  const { trustList } = await bus.request(ca.trustListGet, { name, limit: 1 });
  // Where nothing was ever trusted there is nothing to lose.
  const isRead = trustList.state !== 'never-read';
  const dependents = isRead ? await dependentsOnList(bus, name) : [];
  if (isRead) {
    await confirmed(context, options.yes, {
      summary: consequence(trustList, dependents.length),
      concerned: dependents.map(dependentWords),
      question: 'Stop following it?',
    });
  }
  await bus.request(ca.trustListRemove, { name });
  const rest = isRead
    ? `certlane tsl add ${shellWord(name)} follows it again, and pins its signer anew`
    : 'it was never read, so nothing was trusted on it';
  return {
    data: { removed: trustList, dependents },
    text: `Trust list ${name} is no longer followed; ${rest}.`,
  };
}

/** Partners that stand on authorities which nothing but this list vouches for. */
async function dependentsOnList(bus: Bus, list: string): Promise<readonly Dependent[]> {
  const issuers = await everyEntry(bus, ca.issuerList, { limit: 500 }, (page) => page.issuers);
  const alone = issuers.filter(
    ({ installed, lists }) =>
      installed?.purpose !== 'oftp2' && lists.length > 0 && lists.every(({ name }) => name === list),
  );
  const fingerprints = alone.slice(0, MOST_SUPPOSED).map(({ fingerprint }) => fingerprint);
  return dependentsOn(bus, fingerprints, 'unknown');
}

function consequence({ name, authorities }: TrustListView, partners: number): string {
  if (authorities === 0) return `trust list ${name} names no authority now, and no later edition of it will be read`;
  const untrusted = `${count(authorities, 'authority', 'authorities')} of trust list ${name} will no longer be trusted by it`;
  return partners === 0
    ? untrusted
    : `${untrusted}, on which ${count(partners, 'partner')} ${partners === 1 ? 'stands' : 'stand'}`;
}
