import { authenticationOf, inSession, partnerOf, send, statesOf, type Scene } from '../scene.js';

/** 5. A recalls: `replace` puts the renewed certificate out of use at B at once. Gives the fingerprint that follows. */
export async function recall({ a, b, checks }: Scene, recalled: string): Promise<string> {
  checks.step('5 A recalls: replace puts the old one out of use at B at once');
  const successor = await a.newCertificate(3);
  await a.activate(successor);
  const { result: replaced } = await inSession(b, a.odetteId, () =>
    send(a, b.odetteId, 'replace', '--certificate', successor, '--replaces', recalled),
  );
  checks.equal(
    'A: the replacement is acknowledged',
    replaced.map(({ state }) => state),
    ['acknowledged'],
  );
  const atB = await partnerOf(b, a.odetteId);
  const states = statesOf(atB);
  checks.equal('B: the recalled one is out of use', states[recalled.slice(0, 12)], 'replaced');
  checks.equal('B: its successor is current', states[successor.slice(0, 12)], 'current');
  const row = authenticationOf(atB);
  checks.holds('B: accepts the recalled one no more', 'not among them', row.accepted, !row.accepted.includes(recalled));
  checks.equal('B: what A authenticates with', row.current, successor);

  const { result: again, session } = await inSession(b, a.odetteId, () =>
    send(a, b.odetteId, 'deliver', '--certificate', successor),
  );
  checks.equal(
    'A and B: the next session authenticates with the successor',
    [again.map(({ state }) => state), session?.secureAuthentication, session?.end.outcome],
    [['acknowledged'], true, 'completed'],
  );
  return successor;
}
