import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliOffice, THEM, type Row } from './cli-office.js';

let office: CliOffice;
beforeAll(async () => {
  office = await CliOffice.open();
  const { station } = office;
  await office.write('tsl.xml', office.trustList());
  await office.write('altered.xml', office.trustList().toString('utf8').replace('Test Provider', 'Other Provider'));
  await station.ok('tsl', 'add', 'ours', '--file', office.file('tsl.xml'));
}, 120_000);
afterAll(() => office.close());

const issuers: Row[] = [
  ['issuer add @issuer.pem --purpose all', 2, "--purpose is 'all': choose one of oftp2, verification-only"],
  [
    'issuer show Nobody',
    3,
    "ID is 'Nobody': no such issuer, and no such file; name it by its common name, the first 6 or more characters of its fingerprint, or a file with it; certlane issuer list shows",
  ],
  ['issuer remove zzz', 3, "ID is 'zzz': no such issuer, and no such file; name it by its common name"],
  [['issuer', 'show', ''], 2, "ID is '': name it by its common name, the first 6 or more characters"],
  ['issuer show abc', 2, "ID is 'abc': give at least 6 characters of the fingerprint"],
  ['issuer show @authority.pem', 2, "authority.pem': the file holds 2 certificates where one is wanted"],
  ['issuer show @beta.pem', 3, "beta.pem': no such issuer; certlane issuer list shows what there is"],
];
const trustLists: Row[] = [
  ['tsl add Odette --url http://127.0.0.1:1/', 2, "NAME is 'Odette': a trust list is named with 1 to 32 lower-case"],
  [['tsl', 'add', '', '--file', 'x'], 2, "NAME is '': a trust list is named with"],
  ['tsl add odette', 2, '--url, --file: choose one: --url where it is read, or --file with the list itself'],
  ['tsl add odette --url http://127.0.0.1:1/ --file @tsl.xml', 2, '--url, --file: choose one'],
  ['tsl add odette --url 127.0.0.1/tsl.xml', 2, "--url is '127.0.0.1/tsl.xml': write it whole"],
  [
    'tsl add odette --url ftp://127.0.0.1/tsl.xml',
    2,
    "--url is 'ftp://127.0.0.1/tsl.xml': only http:// and https:// are read",
  ],
  ['tsl set odette --url 127.0.0.1/tsl.xml', 2, "--url is '127.0.0.1/tsl.xml': write it whole"],
  ['tsl set odette --url http://127.0.0.1:1/tsl.xml', 3, 'odette'],
  ['tsl set ours', 2, "required option '--url <URL>' not specified"],
  ['tsl add odette --url https://anna:geheim@127.0.0.1/', 2, '--url: an address holds no user and no password'],
  ['tsl add odette --file @tsl.xml --level high', 2, "--level is 'high': choose one of basic, oftp2"],
  ['tsl add odette --file @missing', 2, "missing': no such file; name a file that exists"],
  ['tsl add odette --file @folder', 2, "folder': this is a folder"],
  ['tsl add odette --file @empty', 2, "empty': the file is empty; give the list as its operator published it"],
  ['tsl add odette --file @notes.txt', 2, "notes.txt': the file is no XML; give the list as its operator published it"],
  ['tsl add odette --file @beta.der', 2, "beta.der': the file is no XML"],
  ['tsl add odette --file @tsl.xml --signer @acme.key', 2, 'the file is a private key, which must never be given away'],
  ['tsl add odette --file @tsl.xml --signer @missing', 2, "missing': no such file"],
  ['tsl add odette --file @tsl.xml --signer', 2, "option '--signer <FILE...>' argument missing"],
  ['tsl add odette --signer --file @tsl.xml', 2, "option '--signer <FILE...>' argument missing"],
  [
    'tsl add ours --file @tsl.xml',
    4,
    "NAME is 'ours': it is followed already, by hand; certlane tsl set ours --url URL",
  ],
  ['tsl show odette', 3, 'odette'],
  ['tsl refresh odette', 3, 'odette'],
  [
    'tsl refresh ours',
    5,
    'NAME: trust list ours has no address to be read at; certlane tsl import ours FILE takes its next edition',
  ],
  ['tsl import odette @tsl.xml', 3, 'odette'],
  ['tsl import ours @notes.txt', 2, "notes.txt': the file is no XML"],
  ['tsl add odette --file @altered.xml', 5, "altered.xml': "],
  ['tsl import ours @altered.xml', 5, "altered.xml': "],
  ['tsl remove odette --yes', 3, 'odette'],
  [
    'tsl remove ours',
    5,
    '1 authority of trust list ours will no longer be trusted by it: nothing was done; give --yes',
  ],
  ['tsl signer stage odette @beta.pem', 3, 'odette'],
  ['tsl signer stage ours @acme.key', 2, 'the file is a private key'],
  ['tsl signer stage ours @authority.pem', 2, 'the file holds 2 certificates where one is wanted'],
  ['tsl signer confirm odette', 3, 'odette'],
  ['tsl signer confirm ours', 5, 'ours'],
  ['tsl signer confirm ours abcdef', 3, "CERTIFICATE is 'abcdef': no such staged signer of trust list ours"],
];
const revocationLists: Row[] = [
  ['crl refresh Nobody', 3, "ISSUER is 'Nobody': no such issuer"],
  [['crl', 'refresh', 'Beta OFTP2 CA'], 3, "ISSUER is 'Beta OFTP2 CA': no certificate that was seen says where"],
  ['crl refresh abc', 2, "ISSUER is 'abc': give at least 6 characters"],
  [['crl', 'refresh', ''], 2, "ISSUER is '': name it by its common name"],
  ['crl import @missing', 2, "missing': no such file"],
  ['crl import @folder', 2, "folder': this is a folder"],
  ['crl import @empty', 2, "empty': the file is empty; give the revocation list"],
  ['crl import @beta.pem', 2, "beta.pem': the file holds a certificate; give the revocation list"],
  ['crl import @acme.key', 2, "acme.key': the revocation list cannot be read"],
  ['crl import @notes.txt', 2, "notes.txt': the revocation list cannot be read"],
  ['crl import @stranger.crl', 5, "stranger.crl': it is not taken (signer-unknown): no certificate of its issuer"],
  ['crl remove abc', 2, "ID is 'abc': give at least 6 characters of the id"],
  ['crl remove abcdef', 3, "ID is 'abcdef': no such revocation list; certlane crl list shows what there is"],
  ['crl import', 2, "missing required argument 'FILE'"],
];
const verdicts: Row[] = [
  ['validate @missing', 2, "FILE is '"],
  ['validate @notes.txt', 2, "notes.txt': the file is no certificate"],
  ['validate @acme.key', 2, 'the file is a private key, which must never be given away'],
  ['validate @authority.pem', 2, 'the file holds 2 certificates where one is wanted'],
  ['validate @beta.pem --chain @notes.txt', 2, "--chain is '"],
  ['validate @beta.pem --usage ssl', 2, "--usage is 'ssl': choose all, or some of tls"],
  ['validate @beta.pem --at yesterday', 2, "--at is 'yesterday': give a day (2026-11-23) or a time with its zone"],
  ['validate @beta.pem --at 2026-02-30', 2, "--at is '2026-02-30': give a day"],
  ['validate @beta.pem --revocation strict', 2, "--revocation is 'strict': choose one of off, warn, fail"],
  ['decide --partner O0000 --certificate @beta.pem', 3, "--partner is 'O0000': no such partner"],
  ['decide --partner beta --certificate @beta.pem', 2, "--partner is 'beta': an Odette ID holds A-Z"],
  [`decide --partner ${THEM} --certificate @missing`, 2, "missing': no such file"],
  [`decide --partner ${THEM} --certificate @large`, 2, "large': the file has more than 65536 octets"],
  [`decide --partner ${THEM} --certificate @beta.pem --kind send`, 2, "--kind is 'send': choose one of deliver"],
  [`decide --partner ${THEM} --certificate @beta.pem --mode half`, 2, "--mode is 'half': choose one of full"],
  [
    `decide --partner ${THEM} --certificate @beta.pem --description ${'x'.repeat(1000)}`,
    2,
    'SFIDDESC has 999 octets at most, this has 1000; no partner could send it',
  ],
  [`decide --certificate @beta.pem`, 2, "required option '--partner <PARTNER>' not specified"],
];
const approvals: Row[] = [
  ['approval show in-abcdef', 3, "ID is 'in-abcdef': no such approval; certlane approval list shows what there is"],
  ['approval show abc', 2, "ID is 'abc': give at least 6 characters of the id"],
  [['approval', 'show', 'a b c d'], 2, "ID is 'a b c d': name the approval by the first 6 or more characters"],
  ['approval accept in-abcdef --usage ssl', 2, "--usage is 'ssl': choose all"],
  [
    'approval accept in-abcdef --follows missing.pem',
    2,
    "--follows is 'missing.pem': no such file, and no fingerprint",
  ],
  [['approval', 'accept', 'in-abcdef', '--note', ' '], 2, "--note is ' ': a reason is not empty"],
  ['approval accept in-abcdef', 3, "ID is 'in-abcdef': no such approval"],
  ['approval reject in-abcdef', 2, "required option '--reason <TEXT>' not specified"],
  ['approval reject in-abcdef --reason no', 3, "ID is 'in-abcdef': no such approval"],
  [['approval', 'reject', 'in-abcdef', '--reason', 'a\u0007b'], 2, 'a reason holds no control characters'],
  [
    ['approval', 'reject', 'in-abcdef', '--reason', 'x'.repeat(513)],
    2,
    'a reason has 512 characters at most; write a sentence',
  ],
  ['approval list --partner beta', 2, "--partner is 'beta': an Odette ID holds"],
];
const partners: Row[] = [
  [`partner set ${THEM} --acceptance all`, 2, "--acceptance is 'all': choose one of known, manual, trusted, off"],
  [`partner set ${THEM} --self-signed yes`, 2, "--self-signed is 'yes': choose one of never, renewal"],
  [`partner set ${THEM} --revocation hard`, 2, "--revocation is 'hard': choose one of off, warn, fail"],
  [`partner set ${THEM} --bypass-days 0`, 2, "--bypass-days is '0': a whole number from 1 to 3650 is wanted, or none"],
  [`partner set ${THEM} --bypass-attempts many`, 2, "--bypass-attempts is 'many': a whole number from 1 to 10000"],
  [`partner set ${THEM} --bypass-address beta.example`, 2, "--bypass-address is 'beta.example': give an IP address"],
  [`partner set ${THEM} --two-person --no-two-person`, 2, "option '--two-person' cannot be used with option"],
  [`partner set ${THEM} --weak-keys --no-weak-keys`, 2, "option '--weak-keys' cannot be used with option"],
  [`partner add --id O0177 --via O0000`, 3, "--via is 'O0000': no such partner"],
  [`partner add --id O0177 --via beta`, 2, "--via is 'beta': an Odette ID holds"],
  [`partner add --id O0177 --via ${THEM} --password A`, 2, '--password: a sub-station has no sessions of its own'],
  [`partner add --id O0177 --via ${THEM} --bypass-days 3`, 2, '--bypass-days: a sub-station has no sessions'],
  [`partner bypass reopen ${THEM}`, 2, "required option '--reason <TEXT>' not specified"],
  ['partner bypass reopen O0000 --reason lost', 3, "PARTNER is 'O0000': no such partner"],
  [['partner', 'bypass', 'reopen', THEM, '--reason', ''], 2, "--reason is '': a reason is not empty"],
];
const audits: Row[] = [
  ['audit --partner beta', 2, "--partner is 'beta': an Odette ID holds"],
  ['audit verfy', 2, "'certlane audit' has no command 'verfy', only 'certlane audit verify'"],
  ['audit verify --against @notes.txt', 2, "notes.txt': this is not what audit verify --json prints"],
  ['audit verify --against @missing', 2, "missing': no such file"],
  ['partner list --actor service:ca-store', 2, "--actor is 'service:ca-store': give the name of a person"],
  [['partner', 'list', '--actor', 'anna b'], 2, "--actor is 'anna b': give the name of a person: 1 to 55 letters"],
];

describe('a slip in what is about trust gets one clear sentence and changes nothing', () => {
  it.each([
    ['issuers', issuers],
    ['trust lists', trustLists],
    ['revocation lists', revocationLists],
    ['verdicts', verdicts],
    ['approvals', approvals],
    ['how far a partner is trusted', partners],
    ['the audit', audits],
  ] as const)('%s', (_what, rows) => office.refuses(rows), 120_000);
});

describe('a service that hangs', () => {
  it('is named, with what is known of what was asked for, and where to look', async () => {
    const { process: mark, health = '' } = office.station.file.services['ca-store'] ?? {};
    process.kill(mark?.pid ?? 0, 'SIGSTOP');
    try {
      const see = `see what certlane up says of ca-store, and what ${health}/health/ready answers\n`;
      const silent = 'ca-store did not answer within';
      const unknown = 'whether it was done all the same is not known: look before you do it again';
      const identify = `partner identify ${THEM} --subject else --issuer @root.pem --usage tls`;
      const lines = [
        ['issuer list', `certlane: ${silent} 5 s; nothing was changed; ${see}`],
        ['issuer add @root.pem', `certlane: ${silent} 5 s; ${unknown}; ${see}`],
        ['tsl list', `certlane: ${silent} 5 s; nothing was changed; ${see}`],
        ['crl list', `certlane: ${silent} 5 s; nothing was changed; ${see}`],
        ['audit', `certlane: ${silent} 5 s; nothing was changed; ${see}`],
        [identify, `certlane: ${silent} 5 s; nothing was changed; ${see}`],
        ['validate @beta.pem', `certlane: ${silent} 30 s; nothing was changed; ${see}`],
        [`decide --partner ${THEM} --certificate @beta.pem`, `nothing was changed; ${see}`],
      ] as const;
      await Promise.all(
        lines.map(async ([line, sentence]) => {
          expect({ line, ...(await office.run(line)) }).toEqual({
            line,
            status: 7,
            out: '',
            err: expect.stringContaining(sentence) as unknown,
          });
        }),
      );
    } finally {
      process.kill(mark?.pid ?? 0, 'SIGCONT');
    }
  }, 120_000);
});
