import { authenticationOf, inSession, partnerOf, send, statesOf, type Scene } from '../scene.js';
import type { Introduced } from './introduce.js';

/** 4. A renews: same logical identity, new serial number. Gives the new fingerprint. */
export async function renew({ a, b, checks }: Scene, known: Introduced): Promise<string> {
  checks.step('4 A renews and delivers: B holds both; A uses the new one towards B only after the EERP');
  const renewed = await a.newCertificate(2);
  await a.activate(renewed);
  checks.equal(
    'A: before the EERP B still knows it by the old one',
    authenticationOf(await partnerOf(a, b.odetteId)).ours,
    known.a,
  );
  const { result: delivered, session } = await inSession(b, a.odetteId, () => send(a, b.odetteId, 'deliver'));
  checks.equal(
    'A: the new certificate is acknowledged',
    delivered.map(({ state, certificate }) => [state, certificate?.fingerprint]),
    [['acknowledged', renewed]],
  );
  const [atB, atA] = await Promise.all([partnerOf(b, a.odetteId), partnerOf(a, b.odetteId)]);
  checks.equal('B: holds both, the new one current, the old one accepted', statesOf(atB), {
    [renewed.slice(0, 12)]: 'current',
    [known.a.slice(0, 12)]: 'accepted',
  });
  const row = authenticationOf(atB);
  checks.equal('B: what A authenticates with', row.current, renewed);
  checks.equal('B: what it still accepts', row.accepted, [known.a]);
  checks.equal('A: after the EERP it uses the new one towards B', authenticationOf(atA).ours, renewed);
  checks.equal('B: the session that brought it was authenticated', session?.secureAuthentication, true);
  return renewed;
}
