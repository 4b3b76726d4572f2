import {
  type Certificate,
  clidMatches,
  crlRevocation,
  keyMatches,
  logicalIdentityOf,
  ocspRevocation,
  readClid,
  readOcspResponse,
  readPkcs12,
  readRevocationList,
  revocationAddressesOf,
  sameLogicalIdentity,
  validatePath,
  weaknessesOf,
  writeOcspRequest,
} from '@certlane/pki';
import {
  acceptTrustList,
  authoritiesOf,
  judgeListedPath,
  readTrustList,
  readUpdateTime,
  type TrustListLevel,
  verifyTrustList,
} from '@certlane/pki/trust-list';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { type InteroperabilitySet, interoperabilitySet, type Member } from './interoperability-set.js';
import { type ListFault, Publication } from './publication.js';
import { type Label, ROLES } from './roles.js';

const now = new Date('2026-11-20T12:00:00Z');
const LABELS = Object.keys(ROLES) as Label[];
const roots = (set: InteroperabilitySet): Certificate[] =>
  (['A-root', 'B-root', 'outside-root'] as const).map((name) => set.authorities[name].certificate);

let publication: Publication;
let set: InteroperabilitySet;
beforeAll(async () => {
  publication = await Publication.open({ now, responders: true });
  ({ set } = publication);
});
afterAll(() => publication.close());

const get = async (url: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(url)).arrayBuffer());

/** Judges a certificate by RFC 5280, with the lists that its path points to, as they are published. */
async function judge({ certificate, chain }: Pick<Member, 'certificate' | 'chain'>) {
  const addresses = [certificate, ...chain].flatMap((one) => revocationAddressesOf(one).cRLDistributionPoints);
  const lists = (await Promise.all(addresses.map(get))).map((octets) => readRevocationList(octets));
  return validatePath({
    certificate,
    intermediates: chain,
    anchors: roots(set),
    at: now,
    revocation: { source: crlRevocation({ lists }), mode: 'fail' },
  });
}

describe('the certificates of the set', () => {
  it.each(LABELS)('%s is sound, not revoked, and of the OFTP2 profile', async (label) => {
    const member = set.member(label);
    expect(await judge(member)).toMatchObject({ trusted: true, revocation: 'good' });
    const { certificate, role, odetteId } = member;
    expect(weaknessesOf(certificate)).toEqual([]);
    expect(certificate.keyUsage?.flags).toEqual(role.keyUsage);
    expect(certificate.extendedKeyUsage).toEqual(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    expect(certificate.dnsNames).toEqual([role.commonName]);
    expect(certificate.subject.flat()).toContainEqual(expect.objectContaining({ value: odetteId }));
    expect(Buffer.from(certificate.der).toString('latin1')).toContain(`oftp://${odetteId}`);
  });

  it('come with key, PEM and PKCS#12 that belong together', () => {
    for (const { certificate, privateKey, pkcs12, pem, certificatePem, privateKeyPem, chain } of set.members) {
      expect(keyMatches(privateKey, certificate)).toBe(true);
      expect(pem).toBe(certificatePem + privateKeyPem);
      const content = readPkcs12(pkcs12('geheim'), 'geheim');
      expect(content.certificate.fingerprint).toBe(certificate.fingerprint);
      expect(content.chain).toHaveLength(chain.length);
    }
  });

  // [the certificate, those of the same owner and purpose]
  it.each<[Label, Label[]]>([
    ['CA01', ['CA01', 'CA02', 'CA03']],
    ['CA04', ['CA04', 'CA07', 'CA08']],
    ['CA05', ['CA05']],
    ['CA06', ['CA06']],
    ['CA09', ['CA09']],
    ['CA10', ['CA10']],
    ['CA11', ['CA11']],
    ['CA12', ['CA12']],
    ['CA13', ['CA13', 'CA14']],
    ['CB01', ['CB01', 'CB04']],
    ['CB05', ['CB05']],
    ['CB06', ['CB06']],
  ])('%s has the logical identity of %j and no other', (label, alike) => {
    const identity = logicalIdentityOf(set.member(label).certificate);
    const same = set.members.filter(({ certificate }) => sameLogicalIdentity(identity, logicalIdentityOf(certificate)));
    expect(same.map((member) => member.label)).toEqual(alike);
  });

  it('each name themselves and no other for SFIDDESC', () => {
    for (const { clid, label } of set.members) {
      const read = readClid(clid)!;
      const named = set.members.filter(({ certificate }) => clidMatches(read, certificate));
      expect(named.map((member) => member.label)).toEqual([label]);
    }
  });

  it('follow one another: later begun, later ended, under another key and serial number', () => {
    const followers = set.members.filter(({ role }) => role.succeeds !== undefined);
    expect(followers.map(({ label }) => label)).toEqual('CA02 CA03 CA07 CA08 CA13 CA14 CB04 CB05 CB06'.split(' '));
    for (const { certificate, role } of followers) {
      const old = set.member(role.succeeds!.certificate as Label).certificate;
      expect(certificate.notBefore.getTime()).toBeGreaterThan(old.notBefore.getTime());
      expect(certificate.notAfter.getTime()).toBeGreaterThan(old.notAfter.getTime());
      expect(certificate.serialNumber).not.toBe(old.serialNumber);
    }
    const keys = (...labels: Label[]): number =>
      new Set(labels.map((label) => Buffer.from(set.member(label).certificate.publicKey.spki).toString('hex'))).size;
    expect(keys('CA01', 'CA02', 'CA03')).toBe(3);
    expect(keys('CA04', 'CA07', 'CA08', 'CA13', 'CA14')).toBe(5);
    expect(keys('CB01', 'CB04', 'CB05', 'CB06')).toBe(4);
  });
});

it('takes another host into every certificate where it is told', async () => {
  const { members } = await interoperabilitySet({ now, baseUrl: 'http://127.0.0.1:8080', host: 'localhost' });
  for (const { certificate } of members) expect(certificate.dnsNames).toEqual(['localhost']);
});

describe.each<TrustListLevel>(['basic', 'oftp2'])('the %s trust list as published', (level) => {
  const listed = async () => {
    const { signedOctets } = verifyTrustList(await get(publication.trustListUrl(level)), {
      signers: [set.signers.current.certificate],
    });
    return { signedOctets, list: readTrustList(signedOctets) };
  };

  it('is verified, read without loss, and accepted; its .upd is of the same time', async () => {
    const { list, signedOctets } = await listed();
    expect(list.skipped).toEqual([]);
    const signer = set.signers.current.certificate.fingerprint;
    const digest = createHash('sha256').update(signedOctets).digest('hex');
    expect(acceptTrustList(undefined, { list, signer, digest }, now)).toEqual({ accepted: true, unchanged: false });
    const update = await get(publication.publisher.url + publication.paths.ofTrustList(level).update);
    expect(readUpdateTime(update)).toEqual(list.issuedAt);
  });

  it.each(LABELS)('has the verdict on %s that its role tells', async (label) => {
    const { authorities } = authoritiesOf((await listed()).list, level, now);
    const { certificate, chain, role } = set.member(label);
    const verdict = judgeListedPath([certificate, ...chain], authorities);
    expect(verdict.ok ? 'yes' : verdict.reason).toBe(role.listed);
    const expected: Partial<Record<Label, string>> = { CB05: 'issued-above', CB06: 'not-listed' };
    expect(role.listed).toBe(expected[label] ?? 'yes');
  });
});

describe('a trust list', () => {
  const authoritiesIn = (...args: Parameters<InteroperabilitySet['trustList']>): string[] => {
    const { signedOctets } = verifyTrustList(set.trustList(...args), { signers: [set.signers.current.certificate] });
    return authoritiesOf(readTrustList(signedOctets), 'oftp2', now).authorities.map(({ service }) => service);
  };

  it('names the authorities that it shall', () => {
    expect(authoritiesIn()).toEqual(['Company A OFTP2 CA', 'Company B OFTP2 CA']);
    expect(authoritiesIn({ without: ['B'] })).toEqual(['Company A OFTP2 CA']);
    expect(authoritiesIn({ withdrawn: ['A'] })).toEqual(['Company B OFTP2 CA']);
    expect(authoritiesIn({ without: ['A', 'B'] })).toEqual([]);
  });

  it('of a higher sequence number is issued later, and takes the place of the one before', () => {
    const read = (sequenceNumber: number) => {
      const octets = set.trustList({ sequenceNumber });
      const { signedOctets, signer } = verifyTrustList(octets, { signers: [set.signers.current.certificate] });
      const digest = createHash('sha256').update(signedOctets).digest('hex');
      return { list: readTrustList(signedOctets), signer: signer.fingerprint, digest };
    };
    const [first, second] = [read(1), read(2)];
    const inUse = ({ list, signer, digest }: typeof first) => ({ ...list, signers: [signer], digest });
    expect(acceptTrustList(inUse(first), second, now)).toEqual({ accepted: true, unchanged: false });
    expect(acceptTrustList(inUse(second), first, now)).toMatchObject({ reason: 'sequence-number-lower' });
  });
});

describe('what is revoked', () => {
  it('is CA12 alone, once its authority has published the new list', async () => {
    await using own = await Publication.open({ now });
    ({ set } = own);
    try {
      const asked = (label: Label) => judge(own.set.member(label));
      expect(await asked('CA12')).toMatchObject({ trusted: true });
      own.revoke('CA12');
      expect(await asked('CA12')).toMatchObject({ trusted: false, revocation: 'revoked' });
      expect(own.set.revocationOf('CA12')).toEqual({ at: now, reason: 'keyCompromise' });
      for (const { label } of own.set.members.filter((member) => member.label !== 'CA12')) {
        expect(await asked(label)).toMatchObject({ trusted: true, revocation: 'good' });
      }
      own.revoke('B', { reason: 'cACompromise' });
      expect(await asked('CB01')).toMatchObject({ trusted: false, revocation: 'revoked' });
      expect(await asked('CB05')).toMatchObject({ trusted: true });
    } finally {
      ({ set } = publication);
    }
  });

  it('stands in lists that are each newer than the one before', async () => {
    const own = await interoperabilitySet({ now, baseUrl: 'http://127.0.0.1:8080/' });
    const first = readRevocationList(own.revocationList('A-root'));
    const second = readRevocationList(own.revoke('A'));
    expect([first.entries.size, second.entries.size]).toEqual([0, 1]);
    expect(second.number! > first.number!).toBe(true);
    expect(second.thisUpdate.getTime()).toBeGreaterThan(first.thisUpdate.getTime());
    const asked = own.revocationList('A', { revoked: ['CA12', 'CA01'], number: 9 });
    expect(readRevocationList(asked)).toMatchObject({ number: 9n, entries: { size: 2 } });
    expect(readRevocationList(own.revocationList('A')).entries.size).toBe(0);
  });

  it('may be a certificate made beside the set: it names the same list', () => {
    const { certificate } = set.issue('A', { host: 'further.company-a.example' });
    expect(revocationAddressesOf(certificate)).toEqual(revocationAddressesOf(set.member('CA01').certificate));
  });

  it.each<ListFault>(['stale', 'wrong-signer', 'altered'])('stays undetermined by a list that is %s', async (fault) => {
    publication.publishBadRevocationList('A', fault);
    expect(await judge(set.member('CA02'))).toMatchObject({ trusted: false, revocation: 'undetermined' });
    publication.publishRevocationList('A');
    expect(await judge(set.member('CA02'))).toMatchObject({ trusted: true, revocation: 'good' });
  });

  it('is told by the responders that the certificates name, too', async () => {
    const ask = async (label: Label) => {
      const { certificate, chain } = set.member(label);
      const [url] = revocationAddressesOf(certificate).ocsp;
      const nonce = Uint8Array.of(1, 2, 3, 4);
      const body = writeOcspRequest({ certificates: [{ certificate, issuer: chain[0]! }], nonce });
      const headers = { 'Content-Type': 'application/ocsp-request' };
      const answer = await fetch(url!, { method: 'POST', body: Buffer.from(body), headers });
      const response = readOcspResponse(new Uint8Array(await answer.arrayBuffer()));
      return ocspRevocation({ answers: [{ response, nonce }] })([certificate, ...chain], now);
    };
    expect(await ask('CA11')).toMatchObject({ status: 'good' });
    set.revoke('CA11', { reason: 'superseded' });
    expect(await ask('CA11')).toMatchObject({ status: 'revoked', reason: 'superseded' });
    expect(await ask('CB05')).toMatchObject({ status: 'good' });
  });
});

describe('a trust list that arrives and must not be taken', () => {
  it.each([
    ['wrong-signer', 'trust-list-signer-unknown'],
    ['altered', 'trust-list-signature-invalid'],
  ] as const)('is refused: %s', async (fault, code) => {
    publication.publishBadTrustList(fault, { level: 'basic', sequenceNumber: 2 });
    const octets = await get(publication.trustListUrl('basic'));
    const verify = () => verifyTrustList(octets, { signers: [set.signers.current.certificate] });
    expect(verify).toThrow(expect.objectContaining({ code }));
  });

  it('is refused: stale', async () => {
    publication.publishBadTrustList('stale', { sequenceNumber: 2 });
    const { signedOctets, signer } = verifyTrustList(await get(publication.trustListUrl()), {
      signers: [set.signers.current.certificate],
    });
    const candidate = { list: readTrustList(signedOctets), signer: signer.fingerprint, digest: '' };
    expect(acceptTrustList(undefined, candidate, now)).toMatchObject({ reason: 'next-update-passed' });
    publication.publishTrustList();
  });
});
