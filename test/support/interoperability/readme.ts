import type { InteroperabilitySet, Member } from './interoperability-set.js';
import { AUTHORITIES } from './roles.js';
import { TRUST_LIST_PATHS } from './trust-lists.js';

const VERDICTS = {
  yes: 'good',
  'issued-above': 'refused: issued by the root, not by the listed authority',
  'not-listed': 'refused: its authority is on no trust list',
} as const;

/** The README of a set in files: who is who, what is where, and how to try it. */
export function readmeOf(set: InteroperabilitySet, password: string): string {
  const port = new URL(set.baseUrl).port || '80';
  return `${[
    '# Odette interoperability certificates (OP09 4.6)',
    `Made at ${set.now.toISOString()} for tests. The private keys lie here in the open: trust none of this anywhere else.`,
    '## Who is who',
    table(
      [
        'Certificate',
        'Station',
        'Subject (CN)',
        'Issuer',
        'Key usage',
        'Serves',
        'Comes after',
        'By the trust list',
        'Story',
      ],
      set.members.map(rowOf),
    ),
    '## Files',
    table(
      ['File', 'What it is'],
      [
        ['`company-*/NAME.pem`, `.key`', 'certificate; private key (PKCS#8, not encrypted)'],
        ['`company-*/NAME.p12`', `PKCS#12 file with both and the authorities; the password is \`${password}\``],
        ['`company-*/NAME.clid`', 'its identification data, as SFIDDESC of a successor names it (OP08 2.5 G)'],
        ['`company-*/authorities.pem`, `outside/authorities.pem`', 'OFTP2 authority and root'],
        ['`crl/*.crl`', 'revocation list of each authority (DER): nothing is revoked'],
        ['`crl-after/*.crl`', 'a newer list of the OFTP2 authority of Company A: CA12 is revoked'],
        [
          Object.values(TRUST_LIST_PATHS)
            .flatMap(({ list, update }) => [list, update])
            .map((path) => `\`${path.slice(1)}\``)
            .join(', '),
          'trust lists of both levels, with the time of their last change; they name the OFTP2 authorities of A and B',
        ],
        ['`tsl-signer.pem`, `tsl-signer-next.pem`', 'who signs the trust lists; who may sign them one day'],
      ],
    ),
    '## Trying it',
    `The certificates say that revocation lists are at ${set.baseUrl}/crl/. Publish this folder there:`,
    `\`\`\`sh\npython3 -m http.server --bind 127.0.0.1 ${port}\n\`\`\``,
    'Give a station of Company A its certificate, and one of Company B the trust list:',
    [
      '```sh',
      `certlane --data a station add --id ${set.member('CA01').odetteId} --password SECRETA`,
      `certlane --data a certificate import company-a/CA01.p12 --password ${password}`,
      `certlane --data b tsl add oftp2 --url ${set.baseUrl}${TRUST_LIST_PATHS.oftp2.list} --signer tsl-signer.pem --level oftp2`,
      'certlane --data b validate company-a/CA01.pem --explain',
      '```',
    ].join('\n'),
    'To revoke CA12, copy `crl-after/` over `crl/` and let the station read its lists again.',
  ].join('\n\n')}\n`;
}

function rowOf({ label, role, odetteId }: Member): readonly string[] {
  const { succeeds } = role;
  return [
    label,
    `${role.station} (${odetteId})`,
    role.commonName,
    AUTHORITIES[role.issuer].name,
    role.keyUsage.join(', '),
    role.usages.length === 5 ? 'everything' : role.usages.join(', '),
    succeeds === undefined ? '' : `${succeeds.certificate} (${succeeds.by})`,
    VERDICTS[role.listed],
    role.story,
  ];
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
