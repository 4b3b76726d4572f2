import { registry, type ErrorCode, type RequestContract, type RequestOf } from '@certlane/contracts';
import { nameConstraintsExtension, testCa, type TestIdentity } from '@certlane/pki/testing';
import { describe, expect, it } from '@jest/globals';
import { until } from '@certlane/runtime/testing';
import { ACME, base64, BETA, keyIdOf, PAIR, registryForAll, SEALED } from './testing/running-registry.js';

const nobody = { station: ACME, partner: 'O0199NOBODY' };
const nowhere = { station: 'O0013NOWHERE', partner: BETA };
const SUB_STATION = 'O0177LINE';
const unknown = '0'.repeat(64);
const now = new Date('2026-06-01T12:00:00Z');
const company = testCa({ name: 'Beta', now });

/** A request that must be refused: contract, input, code, words of the sentence. */
type Row = readonly [name: string, contract: RequestContract, input: unknown, code: ErrorCode, words: RegExp];
const row = <C extends RequestContract>(
  name: string,
  contract: C,
  input: RequestOf<C>,
  code: ErrorCode,
  words: RegExp,
): Row => [name, contract, input, code, words];

const own = company.issue({ host: 'oftp.acme.example' });
const expired = company.issue({ host: 'oftp.acme.example', expired: true });
const future = company.issue({ host: 'oftp.acme.example', future: true });
const signing = company.issue({ host: 'oftp.acme.example', keyUsage: ['digitalSignature'] });
const theirs = company.issue({ host: 'oftp.beta.example' });
const fingerprintOf = ({ certificate }: TestIdentity) => certificate.fingerprint;
const der = ({ certificate }: TestIdentity) => base64(certificate.der);
const issuer = fingerprintOf({ ...own, certificate: company.authority.certificate });
const mine = (identity: TestIdentity) => ({
  station: ACME,
  certificate: der(identity),
  chain: [],
  keyId: keyIdOf(identity),
});
const identification = { ...PAIR, subject: 'oftp.beta.example', issuer, usages: ['tls' as const] };
const takeOverOf = (identity: TestIdentity) => ({
  ...PAIR,
  exchange: 'never',
  kind: 'deliver' as const,
  certificate: der(identity),
  usages: ['tls' as const],
  predecessors: [],
  revision: 'none',
});
const activation = (identity: TestIdentity) => ({
  station: ACME,
  fingerprint: fingerprintOf(identity),
  usages: ['tls' as const],
});
const hello = base64(Buffer.from('hello'));

const rows: readonly Row[] = [
  row(
    'a station that exists with another password',
    registry.stationAdd,
    { id: ACME, password: 'certlane.box.v1.other' },
    'already-exists',
    /station O0013000000ACME exists already/,
  ),
  row(
    'a station at the host of another one',
    registry.stationAdd,
    { id: 'O0013TWIN', password: SEALED, host: 'OFTP.acme.example' },
    'already-exists',
    /^host: OFTP\.acme\.example belongs to station O0013000000ACME, .*; give one of its own, or none: /,
  ),
  row(
    'an unknown station',
    registry.stationGet,
    { station: nowhere.station },
    'not-found',
    /there is no station "O0013NOWHERE".*certlane station add/,
  ),
  row(
    'a partner of an unknown station',
    registry.partnerAdd,
    { station: nowhere.station, id: BETA, password: SEALED },
    'not-found',
    /there is no station "O0013NOWHERE"/,
  ),
  row(
    'a partner that exists with other settings',
    registry.partnerAdd,
    { station: ACME, id: BETA, password: SEALED },
    'already-exists',
    /certlane partner set/,
  ),
  row(
    'a station as its own partner',
    registry.partnerAdd,
    { station: ACME, id: ACME, password: SEALED },
    'invalid-argument',
    /^id: O0013000000ACME is the station itself, .*the other side$/,
  ),
  row(
    'a partner without a password',
    registry.partnerAdd,
    { station: ACME, id: nobody.partner },
    'invalid-argument',
    /^password: O0199NOBODY must have one/,
  ),
  row(
    'a sub-station of a partner that is not there',
    registry.partnerAdd,
    { station: ACME, id: 'O0199LINE', via: nobody.partner },
    'invalid-argument',
    /^via: O0199NOBODY is no partner of station O0013000000ACME; add it first/,
  ),
  row(
    'a sub-station of a sub-station',
    registry.partnerAdd,
    { station: ACME, id: 'O0199LINE', via: SUB_STATION },
    'invalid-argument',
    /^via: O0177LINE is a sub-station itself .*; give O0177BETA/,
  ),
  row(
    'a sub-station with a connection',
    registry.partnerAdd,
    { station: ACME, id: 'O0199LINE', via: BETA, connection: { host: 'a.example', port: 1, transport: 'tls' } },
    'invalid-argument',
    /^connection: O0199LINE is a sub-station .* those of O0177BETA/,
  ),
  row(
    'secure authentication for a sub-station',
    registry.partnerSet,
    { station: ACME, partner: SUB_STATION, secureAuthentication: true },
    'invalid-argument',
    /^secureAuthentication: O0177LINE is a sub-station/,
  ),
  row(
    'the removal of a partner that has sub-stations',
    registry.partnerRemove,
    PAIR,
    'failed-precondition',
    /has sub-stations: O0177LINE; remove them first/,
  ),
  row(
    'facts for a session of a sub-station',
    registry.sessionFacts,
    { station: ACME, partner: SUB_STATION },
    'failed-precondition',
    /^partner: O0177LINE is a sub-station .* those of O0177BETA/,
  ),
  row(
    'a bypass reopened for an unknown partner',
    registry.bypassReopen,
    { ...nobody, reason: 'why' },
    'not-found',
    /has no partner/,
  ),
  row(
    'a bypass reopened for somebody who is not identified',
    registry.bypassReopen,
    { ...PAIR, reason: 'why' },
    'failed-precondition',
    /is not identified for session authentication/,
  ),
  row(
    'a page of dependents that nobody gave',
    registry.issuerDependents,
    { issuer, after: 'no page' },
    'invalid-argument',
    /after: "no page"/,
  ),
  row(
    'settings of an unknown partner',
    registry.partnerSet,
    { ...nobody, acx: true },
    'not-found',
    /has no partner "O0199NOBODY"/,
  ),
  row(
    'an unknown partner',
    registry.partnerGet,
    nobody,
    'not-found',
    /has no partner "O0199NOBODY".*certlane partner add/,
  ),
  row('a partner of an unknown station asked for', registry.partnerGet, nowhere, 'not-found', /there is no station/),
  row('a page that nobody gave', registry.partnerList, { after: 'no page' }, 'invalid-argument', /after: "no page"/),
  row('a page of stations that nobody gave', registry.stationList, { after: '*.*' }, 'invalid-argument', /after: /),
  row('a page of TLS that nobody gave', registry.stationTls, { after: 'a b' }, 'invalid-argument', /after: "a b"/),
  row(
    'a page of certificates that nobody gave',
    registry.ownCertificateList,
    { station: ACME, after: 'no page' },
    'invalid-argument',
    /after: "no page"/,
  ),
  row(
    'a page of callers that nobody gave',
    registry.sessionProfiles,
    { partner: BETA, after: 'no page' },
    'invalid-argument',
    /after: "no page"/,
  ),
  row(
    'a key for an unknown station',
    registry.keyAdd,
    { station: nowhere.station, keyId: unknown, sealedKey: SEALED },
    'not-found',
    /there is no station/,
  ),
  row(
    'the certificates of an unknown station',
    registry.ownCertificateList,
    { station: nowhere.station },
    'not-found',
    /there is no station/,
  ),
  row('the removal of an unknown partner', registry.partnerRemove, nobody, 'not-found', /has no partner/),
  row('an unknown key', registry.keyGet, { station: ACME, keyId: unknown }, 'not-found', /has no key pair 0+/),
  row(
    'octets that are no certificate of ours',
    registry.ownCertificateAdd,
    { ...mine(own), certificate: hello },
    'invalid-argument',
    /^certificate: this is no certificate/,
  ),
  row(
    'a chain that holds something else',
    registry.ownCertificateAdd,
    { ...mine(own), chain: [der(own), hello] },
    'invalid-argument',
    /^chain\.1: this is no certificate/,
  ),
  row(
    'a chain with a certificate that is not above it',
    registry.ownCertificateAdd,
    { ...mine(own), chain: [base64(company.authority.certificate.der), der(theirs)] },
    'invalid-argument',
    /^chain: chain\.1 \(.*\) is not above this certificate: .*; leave it out$/,
  ),
  row(
    'a certificate under another key',
    registry.ownCertificateAdd,
    { ...mine(own), keyId: unknown },
    'invalid-argument',
    /keyId: 0+ is not the key pair of this certificate/,
  ),
  row(
    'a certificate of an unknown key',
    registry.ownCertificateAdd,
    mine(company.issue({ key: testCa({ name: 'Keyless', now }).root.privateKey })),
    'failed-precondition',
    /has no key pair .*import the certificate together with its key/,
  ),
  row(
    'a certificate of ours too large to be kept',
    registry.ownCertificateAdd,
    mine(company.issue({ key: own.privateKey, extensions: [nameConstraintsExtension('x'.repeat(14_000))] })),
    'invalid-argument',
    /certificate: the certificate would take \d+ characters of base64; at most 12288 are kept/,
  ),
  row(
    'a chain too long to be kept',
    registry.ownCertificateAdd,
    { ...mine(own), chain: Array.from({ length: 16 }, () => base64(longCertificate())) },
    'invalid-argument',
    /chain: certificate and chain would take \d+ characters of base64; at most 262144 are kept/,
  ),
  row(
    'the activation of an expired certificate',
    registry.ownCertificateActivate,
    activation(expired),
    'failed-precondition',
    /has expired on 2026-05-31/,
  ),
  row(
    'the activation of one that is valid only later',
    registry.ownCertificateActivate,
    activation(future),
    'failed-precondition',
    /valid only from 2026-06-02/,
  ),
  row(
    'the activation of one that is not ours',
    registry.ownCertificateActivate,
    activation(theirs),
    'not-found',
    /certlane certificate list/,
  ),
  row(
    'the activation for what the key usage forbids',
    registry.ownCertificateActivate,
    { ...activation(signing), usages: ['file-encryption'] },
    'invalid-argument',
    /usages: .* does not allow file-encryption \(keyEncipherment\)/,
  ),
  row(
    'a certificate of ours that is unknown',
    registry.ownCertificateGet,
    { station: ACME, fingerprint: unknown },
    'not-found',
    /has no certificate 0+/,
  ),
  row(
    'a switch for an unknown partner',
    registry.ownCertificateSwitch,
    { ...nobody, fingerprint: fingerprintOf(own), usages: ['tls'], exchange: 'e' },
    'not-found',
    /has no partner/,
  ),
  row(
    'a switch to what is not ours',
    registry.ownCertificateSwitch,
    { ...PAIR, fingerprint: unknown, usages: ['tls'], exchange: 'e' },
    'not-found',
    /has no certificate/,
  ),
  row(
    'a name that does not parse',
    registry.partnerIdentify,
    { ...identification, subject: 'CN=a,=b' },
    'invalid-argument',
    /^subject: The distinguished name has "=b"/,
  ),
  row(
    'an issuer that is not installed',
    registry.partnerIdentify,
    { ...identification, issuer: unknown },
    'failed-precondition',
    /issuer: no issuer 0+ is installed; .*certlane issuer add/,
  ),
  row(
    'identification of an unknown partner',
    registry.partnerIdentify,
    { ...identification, ...nobody },
    'not-found',
    /has no partner/,
  ),
  row(
    'an entry that is not there',
    registry.partnerUnidentify,
    { ...PAIR, entry: 'x' },
    'not-found',
    /has no identification entry "x"/,
  ),
  row(
    'octets that are no certificate of a partner',
    registry.partnerCertificateAdd,
    { ...PAIR, certificate: hello, usages: ['tls'] },
    'invalid-argument',
    /^certificate: this is no certificate/,
  ),
  row(
    'an expired certificate of a partner',
    registry.partnerCertificateAdd,
    { ...PAIR, certificate: der(expired), usages: ['tls'] },
    'failed-precondition',
    /has expired on .*ask the partner/,
  ),
  row(
    'a certificate of a partner whose key usage forbids what it is to serve',
    registry.partnerCertificateAdd,
    { ...PAIR, certificate: der(signing), usages: ['tls', 'file-encryption'] },
    'invalid-argument',
    /^usages: the key usage .*\(digitalSignature\) does not allow file-encryption \(keyEncipherment\); choose other usages/,
  ),
  row(
    'a certificate of an unknown partner',
    registry.partnerCertificateAdd,
    { ...nobody, certificate: der(theirs), usages: ['tls'] },
    'not-found',
    /has no partner/,
  ),
  row(
    'the removal of a certificate that is not on file',
    registry.partnerCertificateRemove,
    { ...PAIR, fingerprint: unknown },
    'not-found',
    /is not on file/,
  ),
  row(
    'a take-over of something else',
    registry.certificateTakeOver,
    { ...takeOverOf(theirs), certificate: hello },
    'invalid-argument',
    /this is no certificate/,
  ),
  row(
    'a take-over for an unknown partner',
    registry.certificateTakeOver,
    { ...takeOverOf(theirs), ...nobody },
    'not-found',
    /has no partner/,
  ),
  row(
    'a take-over decided on another state',
    registry.certificateTakeOver,
    takeOverOf(theirs),
    'conflict',
    /was changed after the decision/,
  ),
  row(
    'the refusal of an exchange with an unknown partner',
    registry.certificateDecline,
    { ...nobody, exchange: 'x' },
    'not-found',
    /has no partner/,
  ),
  row(
    'facts for the session of an unknown partner',
    registry.sessionFacts,
    { ...nobody },
    'not-found',
    /has no partner/,
  ),
  row('an audit trail behind no entry', registry.auditList, { after: 'x' }, 'invalid-argument', /is not the "next"/),
  row('a check from no entry on', registry.auditVerify, { after: '1' }, 'invalid-argument', /is not the "next"/),
];

describe('what partner-registry refuses', () => {
  const running = registryForAll(async (fresh) => {
    await fresh.addPair();
    for (const identity of [own, expired, future, signing]) await fresh.addOwn(identity);
    await fresh.takeOver(company.issue({ host: 'oftp.beta.example' }));
    // A review follows, which is no doing of what is refused.
    await until('it is reviewed', async () => (await fresh.partner()).certificates[0]?.standing !== undefined);
    await fresh.bus.request(registry.partnerAdd, { station: ACME, id: SUB_STATION, via: BETA });
  });
  const state = async () => [
    await running().bus.request(registry.partnerGet, PAIR),
    await running().bus.request(registry.stationList, {}),
    await running().bus.request(registry.partnerList, {}),
    await running().bus.request(registry.ownCertificateList, { station: ACME }),
  ];

  it.each(rows)('%s, with one sentence, changing and telling nothing', async (_name, contract, input, code, words) => {
    const before = await state();
    await running().told();
    const refused = running()
      .bus.request(contract, input)
      .then(
        () => 'was not refused',
        (error: unknown) => error,
      );
    expect(await refused).toMatchObject({ name: 'CertlaneError', code, message: expect.stringMatching(words) });
    expect(await state()).toEqual(before);
    expect(await running().told()).toEqual([]);
  });

  it('nothing that can be refused was left out', () => {
    const covered = new Set(rows.map(([, contract]) => contract.name));
    const rest = Object.values(registry).flatMap(({ name }) => (covered.has(name) ? [] : [name]));
    expect(rest).toEqual([]);
  });
});

function longCertificate(): Uint8Array {
  return company.issue({ extensions: [nameConstraintsExtension('x'.repeat(14_000))] }).certificate.der;
}
