import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { exchangeRequests, type AuditEntry, type RevocationListView } from '@certlane/contracts';
import { TestAuthority } from '@certlane/pki/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Publication } from '../support/interoperability/publication.js';
import { Operator } from '../support/operator.js';
import { repositoryRoot } from '../support/repository.js';
import { ca, CliOffice, OTHER, THEM, US } from './cli-office.js';

let office: CliOffice;
let operator: Operator;
let publication: Publication;

beforeAll(async () => {
  publication = await Publication.open({ now: new Date(), host: 'localhost' });
  office = await CliOffice.open();
  operator = await Operator.of(office.station);
  const { set } = publication;
  await office.write('next-signer.pem', set.signers.next.certificatePem);
  await office.write('edition.xml', set.trustList({ sequenceNumber: 2 }));
  await office.write('another.der', TestAuthority.root('Another', new Date()).certificate.der);
}, 120_000);

afterAll(async () => {
  await operator.close();
  await office.close();
  await publication.close();
});

/** What services do by themselves, or because a partner did something: nobody of ours is to be named. */
const BY_THEMSELVES = ['own-certificate.switch', 'partner-certificate.review', 'trust-list.take'];

const audit = async (): Promise<AuditEntry[]> =>
  (await office.run('--json audit')).out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEntry);

let files = 0;

/** A certificate that nobody expects, held for a person. */
async function held(): Promise<string> {
  files += 1;
  const { certificate } = ca.issue({ subject: `CN=nr${files}.beta.example` });
  const { exchange } = await operator.bus.request(exchangeRequests.certificateReceive, {
    session: 'test',
    station: US,
    partner: THEM,
    mode: 'full',
    file: {
      datasetName: 'ODETTE_CERTIFICATE_DELIVER',
      date: '20261123',
      time: String(files).padStart(10, '0'),
      originator: THEM,
      destination: US,
    },
    description: '',
    octets: Buffer.from(certificate.der).toString('base64'),
  });
  return exchange;
}

const entry = async (): Promise<string> =>
  (await operator.partner({ station: US, partner: THEM })).entries.at(-1)?.id ?? '';

const revocationList = async (): Promise<string> => {
  const { revocationLists } = await office.station.ok<{ revocationLists: RevocationListView[] }>('crl', 'list');
  return revocationLists.find(({ origin }) => origin === 'imported')?.id ?? '';
};

type Line = string | (() => string | Promise<string>);
/** What is done, in this order, and the acts that must name who did it. */
const rows: readonly (readonly [line: Line, ...acts: string[]])[] = [
  [`station add --id ${OTHER} --password A --host other.example`, 'station.add'],
  [`certificate create --station ${US} --subject CN=a --self-signed`, 'key.add', 'own-certificate.add'],
  [`certificate create --station ${US} --subject CN=a --csr @made.csr`, 'key.add'],
  [`certificate import --station ${US} --cert @signs.pem --key @signs.key`, 'key.add', 'own-certificate.add'],
  [`certificate activate @renewed.pem --station ${US} --usage all`, 'own-certificate.activate'],
  ['issuer add @another.der', 'issuer.add'],
  ['issuer remove @another.der --yes', 'issuer.remove'],
  [() => `tsl add odette --url ${publication.trustListUrl()}`, 'trust-list.add'],
  ['tsl refresh odette', 'trust-list.refresh'],
  ['tsl import odette @edition.xml', 'trust-list.import'],
  ['tsl signer stage odette @next-signer.pem', 'trust-list-signer.stage'],
  ['--actor bert tsl signer confirm odette', 'trust-list-signer.confirm'],
  [() => `tsl set odette --url ${publication.trustListUrl('basic')}`, 'trust-list.set'],
  ['tsl remove odette --yes', 'trust-list.remove'],
  ['crl import @beta.crl', 'revocation-list.import'],
  ['crl refresh', 'revocation-list.refresh'],
  [async () => `crl remove ${await revocationList()} --yes`, 'revocation-list.remove'],
  [`partner add --station ${US} --id O0177 --password A`, 'partner.add'],
  ['partner set O0177 --acx', 'partner.set'],
  [`partner identify ${THEM} --subject CN=else --issuer @issuer.pem --usage tls`, 'partner.identify'],
  [async () => `partner unidentify ${THEM} ${await entry()}`, 'partner.unidentify'],
  [`partner certificate add ${THEM} @beta.pem --usage session-authentication`, 'partner-certificate.add'],
  [`partner certificate remove ${THEM} @beta.pem`, 'partner-certificate.remove'],
  [`partner certificate add ${THEM} @beta.der --usage all`, 'partner-certificate.add'],
  [`partner bypass reopen ${THEM} --reason lost --yes`, 'bypass.reopen'],
  ['partner remove O0177', 'partner.remove'],
  [`send ${THEM} deliver --no-wait`, 'exchange.send'],
  [async () => `approval accept ${await held()} --usage file-signature`, 'certificate.take-over'],
  [async () => `approval reject ${await held()} --reason no`, 'certificate.decline'],
];

describe('the audit of what an operator does', () => {
  it.each(rows)('names who did it: %s', async (line, ...acts) => {
    const before = await audit();
    const words = typeof line === 'string' ? line : await line();
    const actor = words.startsWith('--actor') ? '' : '--actor anna ';
    // What came of reading a list is another matter.
    const wanted = /refresh|tsl set/.test(words) ? (expect.any(Number) as unknown) : 0;
    expect(await office.run(`${actor}${words}`)).toMatchObject({ status: wanted, err: '' });
    const [, who = 'anna'] = /^--actor (\S+)/.exec(words) ?? [];
    const known = new Set(before.map(({ hash }) => hash));
    const added = (await audit()).filter(({ act, hash }) => !known.has(hash) && !BY_THEMSELVES.includes(act));
    expect(new Set(added.map(({ act }) => act))).toEqual(new Set(acts));
    for (const act of acts) expect(added.filter((one) => one.act === act).at(-1)).toMatchObject({ phase: 'done' });
    expect(new Set(added.map(({ actor: named }) => named))).toEqual(new Set([`operator:${who}`]));
  });

  it('is looked at above for every act there is', async () => {
    const cwd = fileURLToPath(repositoryRoot);
    const sources = globSync('services/*/src/{handlers,operations}/**/*.ts', { cwd }).filter(
      (path) => !path.endsWith('.spec.ts'),
    );
    const texts = await Promise.all(sources.map((path) => readFile(new URL(path, repositoryRoot), 'utf8')));
    const written = /(?:act: |draftOf\()'([a-z-]+\.[a-z-]+)'/g;
    const acts = texts.flatMap((text) => [...text.matchAll(written)].map(([, act = '']) => act));
    const tried = rows.flatMap(([, ...named]) => named);
    expect(new Set([...tried, ...BY_THEMSELVES])).toEqual(new Set(acts));
  });
});
