import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CliOffice, THEM, US, type Row } from './cli-office.js';

let office: CliOffice;
beforeAll(async () => {
  office = await CliOffice.open();
}, 120_000);
afterAll(() => office.close());

const badFiles: Row[] = [
  ['issuer add @notes.txt', 2, 'the file is no certificate (DER, PEM or certificates-only CMS)'],
  ['issuer add @empty', 2, 'the file is empty; a certificate is wanted'],
  ['issuer add @missing.pem', 2, 'no such file; name a file that exists and may be read'],
  ['issuer add @.', 2, 'this is a folder; name a file'],
  [
    'issuer add @authority.pem @acme.key',
    2,
    'the file is a private key, which must never be given away; give the certificate',
  ],
  ['issuer add @acme.p12', 2, 'the file is a PKCS#12 file with a private key; give the certificate alone'],
  ['issuer add @acme.csr', 2, 'the file is a certification request; give the certificate the authority issued'],
  [
    `partner certificate add ${THEM} @beta.key --usage all`,
    2,
    'the file is a private key, which must never be given away',
  ],
  [
    `partner certificate add ${THEM} @authority.pem --usage all`,
    2,
    'the file holds 2 certificates where one is wanted',
  ],
  [`partner certificate add ${THEM} @notes.txt --usage all`, 2, 'the file is no certificate'],
  [`partner certificate add ${THEM} @beta.pem`, 2, '--usage: say what for: all, or some of tls'],
  [`partner certificate add ${THEM} @beta.pem --usage ssl`, 2, "--usage is 'ssl': choose all, or some of tls"],
  ['issuer add @beta.key', 2, 'the file is a private key, which must never be given away'],
  [
    'issuer add /dev/zero',
    2,
    "FILE is '/dev/zero': the file has more than 1048576 octets, too many for what is wanted",
  ],
  ['issuer add @vast', 2, 'the file has more than 1048576 octets'],
  [['issuer', 'add', ''], 2, "FILE is '': no file is named; name a file that exists and may be read"],
  ['issuer add @empty/x', 2, "empty/x': no such file; name a file"],
  ...[
    ['@folder', 'this is a folder; name a file'],
    ['@both.pem', 'the file is a private key, which must never be given away'],
    ['@acme.pub', 'the file is a bare public key; give the certificate that holds it'],
    ['@cut.pem', 'a PEM block "CERTIFICATE" without its END line; give the certificate as its authority issued it'],
    ['@cut.der', 'the file is no certificate (DER, PEM or certificates-only CMS): the length at octet 1 claims'],
    ['@trailing.der', '4 octets follow the end of the object; give the certificate as its authority issued it'],
    ['@large', 'the file is no certificate'],
  ].map(([file = '', sentence = '']): Row => [`partner certificate add ${THEM} ${file} --usage all`, 2, sentence]),
  [`partner certificate add ${THEM} @expired.pem --usage tls`, 5, "expired.pem': CN=oftp.acme.example has expired on"],
  [
    `partner certificate add ${THEM} @signs.pem --usage all`,
    2,
    '--usage: the key usage of this certificate (digitalSignature) does not allow session-authentication (keyEncipherment), file-encryption',
  ],
  [
    `certificate activate @acme.key --station ${US} --usage all`,
    2,
    "acme.key': the file is a private key, which must never",
  ],
];
const badImports: Row[] = [
  [
    `certificate import --station ${US} @acme.p12 --password wrong`,
    2,
    "acme.p12': the password does not open the file; give the right one with --password",
  ],
  [`certificate import --station ${US} @acme.p12`, 2, "acme.p12': the file is protected with a password; give it with"],
  [
    `certificate import --station ${US} @notes.txt --password geheim12`,
    2,
    "notes.txt': the PKCS#12 file cannot be read",
  ],
  [`certificate import --station ${US} --cert @acme.key --key @acme.key`, 2, 'the file is a private key'],
  [
    `certificate import --station ${US} --cert @acme.pem --key @acme.pem`,
    2,
    "acme.pem': the file holds CERTIFICATE where a private key is wanted",
  ],
  [
    `certificate import --station ${US} --cert @acme.pem --key @other.key`,
    2,
    "other.key': the private key does not belong to the certificate",
  ],
  [`certificate import --station ${US} --cert @beta.pem`, 5, 'no key made at station'],
  [
    `certificate import --station ${US} @acme.p12 --key @acme.key`,
    2,
    '--key: a PKCS#12 file brings key and chain along; leave it out',
  ],
  [
    `certificate import --station ${US} @legacy.p12 --password geheim12`,
    2,
    "legacy.p12': the file is encrypted with RC2-40, which is not supported. Write it anew with AES",
  ],
  [
    `certificate import --station ${US} @keyless.p12 --password geheim12`,
    2,
    'holds no private key; export it together with its private key',
  ],
  [
    `certificate import --station ${US} @acme.pem`,
    2,
    "acme.pem': the file is PEM text where PKCS#12 is wanted; give PEM files with --cert FILE",
  ],
  [
    `certificate import --station ${US} @large`,
    2,
    "large': the file has more than 65536 octets, too many for what is wanted",
  ],
  [`certificate import --station ${US}`, 2, 'FILE, --cert: give either a PKCS#12 file, or --cert FILE'],
  [
    `certificate import --station ${US} --cert @acme.csr`,
    2,
    'the file is a certification request; give the certificate the authority issued',
  ],
  [
    `certificate import --station ${US} --cert @acme.pem --password geheim12`,
    2,
    '--password: there is no key to open; give --key FILE',
  ],
  [
    `certificate import --station ${US} --cert @acme.pem --key @acme.key --chain @renewed.pem`,
    2,
    "renewed.pem': CN=oftp.acme.example,O=Acme,C=DE is not above this certificate: it signed neither",
  ],
  [
    `certificate import --station ${US} --cert @acme.pem --key @acme.key --chain @root.pem`,
    2,
    "root.pem': CN=Beta Root,O=Certlane Test,C=DE is not above this certificate",
  ],
  [
    `certificate import --station ${US} --cert @weak.pem --key @weak.key`,
    2,
    "weak.pem': its RSA key has 1024 bits; at least 2048 are wanted",
  ],
  ...[
    ['@locked.key', "locked.key': the file is protected with a password; give it with --password or --password-file"],
    [
      '@locked.key --password wrong',
      "locked.key': the password does not open the file; give the right one with --password",
    ],
    [
      '@acme.pub',
      "acme.pub': the file holds PUBLIC KEY where a private key is wanted; give the file as it was exported",
    ],
    ['@acme.p12', 'where a private key is wanted; give the file as it was exported: PKCS#12 as FILE'],
    ['@empty', "empty': the key file is empty; give the file as it was exported"],
    ['@large', "large': the file has more than 65536 octets"],
    ['/dev/zero', "--key is '/dev/zero': the file has more than 65536 octets"],
  ].map(([key = '', sentence = '']): Row => [
    `certificate import --station ${US} --cert @acme.pem --key ${key}`,
    2,
    sentence,
  ]),
];

describe('a file that is not what is wanted gets one clear sentence and changes nothing', () => {
  it.each([
    ['certificates', badFiles],
    ['imports', badImports],
  ] as const)('%s', (_what, rows) => office.refuses(rows), 120_000);
});

describe('a certificate of ours that is unfit', () => {
  it.each([
    ['expired', 'all', 5, /expired\.pem': .* has expired on .*: create or import a new one and activate that/],
    ['future', 'all', 5, /future\.pem': .* is valid only from .*: activate it then/],
    ['signs', 'all', 2, /--usage: .*\(digitalSignature\) does not allow session-authentication .*choose other usages/],
  ])('because it is %s is kept, but not put to use', async (name, usage, status, sentence) => {
    const imported = await office.run(`certificate import --station ${US} --cert @${name}.pem --key @${name}.key`);
    expect(imported.status).toBe(0);
    await office.refuses([[`certificate activate @${name}.pem --station ${US} --usage ${usage}`, status, '']]);
    const refused = await office.run(`certificate activate @${name}.pem --station ${US} --usage ${usage}`);
    expect(refused.err).toMatch(sentence);
  });

  it('says so in the list, and where it was imported', async () => {
    const { out } = await office.run(`certificate list --station ${US}`);
    expect(out).toMatch(/ all\n/);
    expect(out).toMatch(/ expired\n/);
    expect(out).toMatch(/ not yet valid\n/);
    const again = await office.run(`certificate import --station ${US} --cert @future.pem --key @future.key`);
    expect(again.out).toMatch(
      /^Certificate of station O0013000000ACME is on file:\n[^]*\nIt is not yet valid and cannot be used now\.\n$/,
    );
  });
});

describe('a certificate the command takes as it is', () => {
  it.each(['beta.der', 'junk.pem'])('is read from %s, and its usages add up', async (name) => {
    const usage = name === 'beta.der' ? 'all' : 'tls';
    const { out } = await office.run(`partner certificate add ${THEM} @${name} --usage ${usage}`);
    expect(out).toMatch(
      /^Certificate \w{12} of O0177000000BETA is on file for all\.\nIt is trusted: The certificate ends at an installed issuer; .+\.\n$/,
    );
  });

  it('is filed by hand although it is weak, and that is said', async () => {
    const { out } = await office.run(`partner certificate add ${THEM} @weak.pem --usage tls`);
    expect(out).toMatch(/is on file for tls\.\nIt is weak: its RSA key has 1024 bits.*\nIt is not trusted \(weak\): /);
    const shown = await office.run(`partner show ${THEM}`);
    expect(shown.out).toMatch(/CN=oftp\.acme\.example .* current +tls +by hand +no, weak since /);
  });
});

describe('a certification request', () => {
  it('goes to an authority and comes back as a certificate that can be used', async () => {
    const subject = 'CN=oftp.acme.example,O=Acme,C=DE';
    const made = await office.run(`certificate create --station ${US} --subject ${subject} --csr @new.csr`);
    expect(made.out).toContain(
      `When the authority has signed it: certlane certificate import --station ${US} --cert FILE`,
    );
    const { stdout } = await promisify(execFile)('openssl', [
      'req',
      '-in',
      office.file('new.csr'),
      '-noout',
      '-text',
      '-verify',
    ]);
    expect(stdout).toMatch(/DNS:localhost, URI:oftp:\/\/O0013000000ACME/);
    const openssl = (line: string) => promisify(execFile)('openssl', line.split(' '), { cwd: office.folder });
    await openssl('req -x509 -newkey rsa:2048 -nodes -keyout signer.key -out signer.pem -days 9 -subj /CN=signer');
    await openssl(
      'x509 -req -in new.csr -CA signer.pem -CAkey signer.key -days 9 -CAcreateserial -copy_extensions copy -out new.pem',
    );
    await office.refuses([
      [
        `certificate import --station ${US} --cert @new.pem --key @acme.key`,
        2,
        'the private key does not belong to the certificate',
      ],
      [
        `certificate create --station ${US} --subject ${subject} --csr @new.csr`,
        2,
        "new.csr': the file exists already; name a new file",
      ],
    ]);
    const waiting = await office.run(`certificate list --station ${US}`);
    expect(waiting.out).toContain('1 key waiting for a certificate');
    const imported = await office.run(`certificate import --station ${US} --cert @new.pem`);
    expect(imported.out).toMatch(
      /Use it with: certlane certificate activate \w{12} --station O0013000000ACME --usage all\n$/,
    );
    expect((await office.run(`certificate activate @new.pem --station ${US} --usage all`)).status).toBe(0);
    expect((await office.run(`certificate list --station ${US}`)).out).not.toContain('waiting for a certificate');
  });
});
