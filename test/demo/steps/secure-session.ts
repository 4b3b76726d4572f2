import { certificateToPem } from '@certlane/pki';
import type { Company } from '../company.js';
import { inSession, partnerOf, send, statesOf, type Scene } from '../scene.js';
import { Visitor, words } from '../visitor.js';
import type { Introduced } from './introduce.js';

/** 3. Sessions authenticate both ways now; one without is refused, on both sides. */
export async function secureSession({ a, b, checks }: Scene, known: Introduced): Promise<void> {
  checks.step('3 Secure authentication both ways; without it ESID 12: the bypass is closed on both sides');
  const { result: delivered, session } = await inSession(b, a.odetteId, () =>
    send(a, b.odetteId, 'deliver', '--certificate', known.a),
  );
  checks.equal(
    'A: the same certificate again is acknowledged',
    delivered.map(({ state }) => state),
    ['acknowledged'],
  );
  checks.equal(
    'B: that session was authenticated both ways, everything may pass',
    [session?.secureAuthentication, session?.mode, session?.end.outcome],
    [true, 'full', 'completed'],
  );
  checks.equal('B: nothing was doubled', statesOf(await partnerOf(b, a.odetteId)), {
    [known.a.slice(0, 12)]: 'current',
  });
  await Promise.all([withoutAuthentication(checks, b, a), withoutAuthentication(checks, a, b)]);
}

async function withoutAuthentication(checks: Scene['checks'], at: Company, as: Company): Promise<void> {
  const visitor = await Visitor.tls(at.station.tlsPort, certificateToPem(at.ca.authority.certificate));
  const answer = await visitor.start({ code: as.odetteId, password: as.password });
  visitor.hangUp();
  checks.matches(`${at.name}: ${as.name}'s ID and password without secure authentication`, words(answer), /^ESID 12 /);
}
