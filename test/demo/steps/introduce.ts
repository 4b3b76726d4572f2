import { certificateToPem } from '@certlane/pki';
import { partnerOf, type Scene } from '../scene.js';
import type { Company } from '../company.js';

/** What both stations have before they know each other, and what each enters about the other. */
export interface Introduced {
  /** Fingerprints of the certificates they begin with. */
  readonly a: string;
  readonly b: string;
}

/** 1. Each installs the other's issuer, adds the other as partner, and enters identification data only. */
export async function introduce({ a, b, checks }: Scene): Promise<Introduced> {
  checks.step('1 Each enters the other: issuer, partner, identification data; no certificate of the other anywhere');
  const [ofA, ofB] = await Promise.all([setUp(a, b), setUp(b, a)]);
  for (const [us, them] of [
    [a, b],
    [b, a],
  ] as const) {
    const partner = await partnerOf(us, them.odetteId);
    checks.equal(
      `${us.name} expects one certificate of ${them.name}`,
      partner.entries.map(({ subject }) => subject),
      [`CN=${them.host}`],
    );
    checks.equal(`${us.name} has no certificate of ${them.name} on file`, partner.certificates, []);
    checks.equal(`${us.name}: the bypass towards ${them.name} is open`, partner.bypassOpen, true);
  }
  return { a: ofA, b: ofB };
}

async function setUp(us: Company, them: Company): Promise<string> {
  const { station } = us;
  await station.ok('station', 'add', '--id', us.odetteId, '--password', us.password, '--host', 'localhost');
  const certificate = await us.newCertificate(1);
  await us.activate(certificate);
  const theirAuthority = await us.write('partner-authority.pem', certificateToPem(them.ca.authority.certificate));
  await station.ok('issuer', 'add', theirAuthority);
  const reach = ['--host', 'localhost', '--port', String(them.station.tlsPort), '--tls'];
  const rules = ['--acx', '--secure-authentication'];
  const identity = ['--station', us.odetteId, '--id', them.odetteId, '--password', them.password];
  await station.ok('partner', 'add', ...identity, ...reach, ...rules);
  const expected = ['--subject', `CN=${them.host}`, '--issuer', them.authority];
  await station.ok('partner', 'identify', them.odetteId, ...expected, '--usage', 'all');
  return certificate;
}
