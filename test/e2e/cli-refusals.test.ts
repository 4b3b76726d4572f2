import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestAuthority } from '@certlane/pki/testing';
import { CliOffice, OTHER, THEM, US, type Row } from './cli-office.js';

let office: CliOffice;
beforeAll(async () => {
  office = await CliOffice.open();
}, 120_000);
afterAll(() => office.close());

const badOdetteIds: Row[] = [
  ['station add --id o0013acme --password A', 2, "--id is 'o0013acme': an Odette ID holds A-Z, 0-9"],
  ['station add --id O0013_ACME --password A', 2, "--id is 'O0013_ACME': an Odette ID holds A-Z, 0-9"],
  [
    `station add --id ${'A'.repeat(26)} --password A`,
    2,
    `--id is '${'A'.repeat(26)}': an Odette ID has 25 characters at most`,
  ],
  [`partner add --station ${US} --id o0177 --password A`, 2, "--id is 'o0177': an Odette ID holds A-Z, 0-9"],
  ['partner add --station acme --id O0177 --password A', 2, "--station is 'acme': an Odette ID holds A-Z, 0-9"],
  ['partner show beta', 2, "PARTNER is 'beta': an Odette ID holds A-Z, 0-9"],
  ['exchange list --partner beta', 2, "--partner is 'beta': an Odette ID holds A-Z, 0-9"],
  ['events --partner beta', 2, "--partner is 'beta': an Odette ID holds A-Z, 0-9"],
  [['station', 'add', '--id', '', '--password', 'A'], 2, "--id is '': an Odette ID has 1 to 25 characters"],
  [
    ['station', 'add', '--id', ' O1', '--password', 'A'],
    2,
    "--id is ' O1': an Odette ID neither starts nor ends with a blank",
  ],
  [['station', 'add', '--id', 'O\n1', '--password', 'A'], 2, "--id is 'O?1': an Odette ID holds A-Z, 0-9"],
  ['station add --id --password A', 2, "option '--id <ODETTE-ID>' argument missing; see certlane station add --help"],
];
const badPasswords: Row[] = [
  [
    `station add --id ${OTHER} --password 123456789`,
    2,
    '--password: the password given has 9 octets, but SSIDPSWD takes 1 to 8',
  ],
  [`station add --id ${OTHER} --password lower`, 2, '--password: the password given holds other characters than A-Z'],
  [`station add --id ${OTHER}`, 2, '--password: a station needs the password it sends'],
  [`partner add --station ${US} --id O0177 --password 123456789`, 2, '--password: the password given has 9 octets'],
  [
    `partner add --station ${US} --id O0177 --password A --our-password 123456789`,
    2,
    '--our-password: the password given has 9 octets',
  ],
  [`partner set ${THEM} --password 123456789`, 2, '--password: the password given has 9 octets'],
  [`partner set ${THEM} --password-file @missing`, 2, 'no such file; name a file whose first line is the password'],
  [['station', 'add', '--id', OTHER, '--password', ''], 2, '--password: the password given is empty'],
  [
    `station add --id ${OTHER} --password-file @empty`,
    2,
    'the first line of the file is empty; write the password there',
  ],
  [`station add --id ${OTHER} --password-file @large`, 2, 'the file has more than 4096 octets'],
  [`station add --id ${OTHER} --password-file @folder`, 2, 'this is a folder; name a file whose first line'],
  [
    `station add --id ${OTHER} --password A --password-file @empty`,
    2,
    'give either --password or --password-file, not both',
  ],
  [
    `partner add --station ${US} --id O0177 --password-file - --our-password-file -`,
    2,
    "--password-file is '-': the first line of standard input is empty",
  ],
  [
    `partner set ${THEM} --no-our-password --our-password A`,
    2,
    "option '--our-password' cannot be used with option '--no-our-password'",
  ],
  // A slip beside the option must not show what was meant for it.
  [`partner add --id O0177 --passwort=GEHEIM7`, 2, "unknown option '--passwort'; see"],
  [`partner add --id O0177 -pGEHEIM7`, 2, "unknown option '-p'; see"],
  [
    `partner add --id O0177 --password A GEHEIM7`,
    2,
    "too many arguments for 'add': expected 0 arguments but got 1; see",
  ],
];
const badNames: Row[] = [
  [`certificate create --station ${US} --subject acme --self-signed`, 2, "--subject is 'acme': the distinguished name"],
  [
    `certificate create --station ${US} --subject XX=acme --self-signed`,
    2,
    "--subject is 'XX=acme': the distinguished name has the unknown attribute",
  ],
  [
    `certificate create --station ${US} --subject CN=a,O --self-signed`,
    2,
    "--subject is 'CN=a,O': the distinguished name",
  ],
  [
    `partner identify ${THEM} --subject CN= --issuer Beta --usage all`,
    2,
    "--subject is 'CN=': the name holds nothing, or an attribute without a value",
  ],
  [
    `partner identify ${THEM} --subject CN=a,,O=b --issuer Beta --usage all`,
    2,
    "--subject is 'CN=a,,O=b': the distinguished name",
  ],
  [
    `certificate create --station ${US} --subject C=Germany,CN=a --csr @new.csr`,
    2,
    'C takes 2 characters, as in C=DE (RFC 5280), this one has 7',
  ],
  [
    `certificate create --station ${US} --subject CN=${'a'.repeat(65)} --csr @new.csr`,
    2,
    'CN takes 64 characters at most (RFC 5280), this one has 65',
  ],
  [
    `partner identify ${THEM} --subject ${'a'.repeat(5000)} --issuer Beta --usage all`,
    2,
    'a distinguished name has 4096 characters at most, this one has 5000',
  ],
  [
    ['partner', 'identify', THEM, '--subject', ' ', '--issuer', 'Beta', '--usage', 'all'],
    2,
    "--subject is ' ': give the common name or the DN",
  ],
  [`partner identify ${THEM} --subject /CN=a/O=b --issuer Beta --usage all`, 2, 'write it as CN=…,O=…,C=… with commas'],
];
const badIssuers: Row[] = [
  [
    `partner identify ${THEM} --subject oftp --issuer Nobody --usage all`,
    3,
    "--issuer is 'Nobody': no such issuer, and no such file; name it by its common name, the first 6 or more characters of its fingerprint, or a file with it; certlane issuer list shows what there is, certlane issuer add FILE installs one",
  ],
  [
    `partner identify ${THEM} --subject oftp --issuer abcdef123456 --usage all`,
    3,
    "--issuer is 'abcdef123456': no such issuer",
  ],
  [
    `partner identify ${THEM} --subject oftp --issuer abc --usage all`,
    2,
    "--issuer is 'abc': give at least 6 characters",
  ],
  ['issuer remove Nobody', 3, "ID is 'Nobody': no such issuer, and no such file"],
  ['issuer add @beta.pem', 2, 'cannot be an issuer: it is not the certificate of an authority'],
  [
    'issuer add @authority.pem @beta.pem',
    2,
    'install the certificate of its issuer instead; none of these 3 was installed',
  ],
  [
    'issuer remove @issuer.pem',
    5,
    `1 partner stands on CN=Beta OFTP2 CA,O=Certlane Test,C=DE (${THEM} of ${US} (1 entry)): nothing was done; give --yes`,
  ],
  [
    'issuer add @authority.pem --purpose verification-only',
    5,
    `1 partner stands on 2 authorities that would be verification-only (${THEM} of ${US} (1 entry)): nothing was done`,
  ],
  [
    `partner identify ${THEM} --subject oftp --issuer @beta.pem --usage all`,
    3,
    "beta.pem': no such issuer; certlane issuer list",
  ],
  [
    ['partner', 'identify', THEM, '--subject', 'oftp', '--issuer', '', '--usage', 'all'],
    2,
    "--issuer is '': name it by its common name",
  ],
];
const badUsages: Row[] = [
  [
    `certificate activate @acme.pem --station ${US} --usage ssl`,
    2,
    "--usage is 'ssl': choose all, or some of tls, session-authentication",
  ],
  [`certificate activate @acme.pem --station ${US}`, 2, '--usage: say what for: all, or some of tls'],
  [`partner identify ${THEM} --subject oftp --issuer @issuer.pem --usage tls,foo`, 2, "--usage is 'foo': choose all"],
  [`partner identify ${THEM} --subject oftp --issuer @issuer.pem`, 2, '--usage: say what for'],
  ...[
    ['--key-usage signing', "--key-usage is 'signing': choose some of digitalSignature, nonRepudiation"],
    ['--key-usage ,', "--key-usage is ',': name at least one key usage"],
    ['--key-usage 00', '--key-usage: "00" names no key usage; leave it out'],
    ['--extended-key-usage web', "--extended-key-usage is 'web': name serverAuth, clientAuth"],
    ['--extended-key-usage 1.40.1', "--extended-key-usage is '1.40.1': name serverAuth"],
    ['--extended-key-usage 1.2', "--extended-key-usage is '1.2': name serverAuth"],
  ].map(([options = '', sentence = '']): Row => [
    `partner identify ${THEM} --subject oftp --issuer @issuer.pem --usage tls ${options}`,
    2,
    sentence,
  ]),
];
const badReferences: Row[] = [
  ['partner show O0000', 3, "PARTNER is 'O0000': no such partner; certlane partner list shows what there is"],
  ['send O0000 deliver', 3, "PARTNER is 'O0000': no such partner"],
  [`send ${THEM} sideways`, 2, "KIND is 'sideways': choose one of deliver, request, replace"],
  [
    `send ${THEM} deliver --certificate abcdef12`,
    3,
    `--certificate is 'abcdef12': no such certificate of station ${US}`,
  ],
  [`certificate activate abcdef12 --station ${US} --usage all`, 3, "CERTIFICATE is 'abcdef12': no such certificate"],
  [`certificate activate abc --station ${US} --usage all`, 2, "CERTIFICATE is 'abc': give at least 6 characters"],
  ['certificate list --station O0000', 3, 'O0000'],
  ['exchange show nothing', 3, "ID is 'nothing': no such exchange"],
  [`partner certificate remove ${THEM} abcdef12`, 3, `no such certificate of ${THEM} on file`],
  [`partner unidentify ${THEM} abcdef12`, 3, 'no such identification entry'],
  [`station add --id ${US} --password Q7ACMEQ7 --host localhost`, 4, US],
  [`station add --id ${OTHER} --password A --host LOCALHOST`, 4, `--host: LOCALHOST belongs to station ${US}, and TLS`],
  [`partner add --station ${US} --id ${THEM} --password W3BETAW3`, 4, THEM],
  [
    `partner add --station ${US} --id ${US} --password A`,
    2,
    `--id: ${US} is the station itself, and no station is its own`,
  ],
  [`partner add --station O0000 --id O0177 --password A`, 3, 'O0000'],
  [`certificate activate @beta.pem --station ${US} --usage all`, 3, "beta.pem': no such certificate of station"],
  [
    `certificate activate missing.pem --station ${US} --usage all`,
    2,
    "CERTIFICATE is 'missing.pem': no such file, and no fingerprint; give the first 6",
  ],
  [
    `certificate activate @folder --station ${US} --usage all`,
    2,
    "folder': this is a folder; give the first 6 or more hex digits",
  ],
  [`send ${THEM} deliver --certificate @beta.pem`, 3, "beta.pem': no such certificate of station"],
  [`partner certificate remove ${THEM} @renewed.pem`, 3, "renewed.pem': no such certificate of"],
  ['partner lst', 2, "unknown command 'lst' (Did you mean list?); see certlane partner --help"],
];
const badAddresses: Row[] = [
  [
    `partner add --station ${US} --id O0177 --password A --host localhost --port 0`,
    2,
    "--port is '0': a port is a number from 1 to 65535",
  ],
  [
    `partner add --station ${US} --id O0177 --password A --host localhost --port 65536`,
    2,
    "--port is '65536': a port is",
  ],
  [
    `partner add --station ${US} --id O0177 --password A --host http://beta`,
    2,
    "--host is 'http://beta': a host is a DNS name or an IP address",
  ],
  [`partner add --station ${US} --id O0177 --password A --port 6619`, 2, '--host: say where to reach the partner too'],
  [`partner set ${THEM} --port https`, 2, "--port is 'https': a port is"],
  [`partner set ${THEM}`, 2, 'nothing to change was named'],
  [
    `partner add --station ${US} --id O0177 --password A --host localhost --port 00022`,
    2,
    "--port is '00022': a port is",
  ],
  ...[
    'localhost:22',
    '1.2.3.4.5',
    '999.1.1.1',
    '127.1',
    'a..b',
    '-a',
    'a_b',
    '0.0.0.0',
    '::',
    `${'a'.repeat(64)}.example`,
    '',
  ].map((host): Row => [
    ['partner', 'add', '--station', US, '--id', 'O0177', '--password', 'A', '--host', host],
    2,
    `--host is '${host}': a host is a DNS name or an IP address; write it without scheme and port`,
  ]),
];
const contradictions: Row[] = [
  [
    `partner add --station ${US} --id O0177 --password A --host h.example --tls --tcp`,
    2,
    "option '--tls' cannot be used with option '--tcp'",
  ],
  [`partner set ${THEM} --acx --no-acx`, 2, "option '--acx' cannot be used with option '--no-acx'"],
  [`partner set ${THEM} --no-host --host h.example`, 2, "option '--host' cannot be used with option '--no-host'"],
  [`partner set ${THEM} --no-host --port 99`, 2, '--no-host: a partner that calls us has no --port, --tls or --tcp'],
  [
    `certificate create --station ${US} --subject CN=a --self-signed --csr @new.csr`,
    2,
    'choose one: --self-signed, or --csr FILE',
  ],
  [`certificate create --station ${US} --subject CN=a`, 2, 'choose one: --self-signed, or --csr FILE'],
  [
    `certificate create --station ${US} --subject CN=a --csr @new.csr --days 9`,
    2,
    "--days is '9': how long it is valid is for the authority to say",
  ],
  [
    `certificate create --station ${US} --subject CN=a --self-signed --days 0`,
    2,
    "--days is '0': a whole number from 1 to 3650 is wanted",
  ],
  [
    `certificate create --station ${US} --subject CN=a --self-signed --bits 1024`,
    2,
    "--bits is '1024': choose one of 2048, 3072, 4096",
  ],
  [`certificate import --station ${US} @acme.p12 --cert @acme.pem`, 2, 'give either a PKCS#12 file, or --cert FILE'],
  [`send ${THEM} request --replaces @acme.pem`, 2, 'a request follows no certificate; use it with deliver or replace'],
  [
    `send ${THEM} replace --certificate @acme.pem --replaces @acme.pem`,
    2,
    "acme.pem': no certificate follows itself; name the one",
  ],
  [`send ${THEM} deliver --timeout 0`, 2, "--timeout is '0': a whole number from 1 to 86400 is wanted"],
  ['exchange list --limit x', 2, "--limit is 'x': a whole number"],
];

describe('a slip on the command line gets one clear sentence and changes nothing', () => {
  it.each([
    ['Odette IDs', badOdetteIds],
    ['passwords', badPasswords],
    ['distinguished names', badNames],
    ['issuers', badIssuers],
    ['usages', badUsages],
    ['references', badReferences],
    ['addresses', badAddresses],
    ['contradictions', contradictions],
  ] as const)('%s', (_what, rows) => office.refuses(rows), 120_000);

  it('says so to machines too, whatever was wrong', async () => {
    for (const line of ['--json partner show O0000', '--json partner lst', '--json send']) {
      const { out, err } = await office.run(line);
      const { error } = JSON.parse(out) as { error: { code: string; message: string } };
      expect(error.code).toMatch(/^(?:not-found|invalid-argument)$/);
      expect(err).toBe(`certlane: ${error.message}\n`);
    }
  });

  it('asks for more where a name fits several', async () => {
    const twin = TestAuthority.root('Beta OFTP2 CA', new Date());
    await office.write('twin.der', twin.certificate.der);
    await office.station.ok('issuer', 'add', office.file('twin.der'), office.file('twin.der'));
    const identify = ['partner', 'identify', THEM, '--subject', 'a', '--usage', 'tls', '--issuer'];
    await office.refuses([
      [[...identify, 'Beta OFTP2 CA'], 2, "--issuer is 'Beta OFTP2 CA': this names 2 of them: "],
      [['issuer', 'remove', 'Beta OFTP2 CA'], 2, 'name it by its fingerprint'],
    ]);
    await office.station.ok(...identify, office.file('twin.der'));
    await office.station.ok('issuer', 'remove', twin.certificate.fingerprint, '--yes');
    const { out } = await office.run(`partner show ${THEM}`);
    expect(out).toMatch(/◇ +\w{12} +CN=a +CN=Beta OFTP2 CA.* \(not installed\) +tls/);
    expect(out.match(/not installed/g)).toHaveLength(1);
  });
});
