import { eventually } from '../../support/eventually.js';
import { authenticationOf, exchangesOf, inSession, partnerOf, send, statesOf, type Scene } from '../scene.js';
import type { Introduced } from './introduce.js';

/** 2. A requests: the session runs through the bypass, both take over the other's certificate. */
export async function firstExchange({ a, b, checks }: Scene, known: Introduced): Promise<void> {
  checks.step('2 A requests: through the bypass, each takes over the certificate of the other');
  const { result: requested, session } = await inSession(b, a.odetteId, () => send(a, b.odetteId, 'request'));
  checks.equal(
    'A: its request is acknowledged (EERP)',
    requested.map(({ state }) => state),
    ['acknowledged'],
  );
  const [exchanges, atB, atA] = await Promise.all([
    // A answers in the same session when it gets the turn, else in the next.
    eventually(
      () => exchangesOf(b, a.odetteId),
      (all) => all.some(({ direction, state }) => direction === 'outbound' && state === 'acknowledged'),
    ),
    partnerOf(b, a.odetteId),
    partnerOf(a, b.odetteId),
  ]);
  checks.equal(
    'B: it took the certificate over, and A answered its own with EERP',
    exchanges.map(({ direction, kind, state }) => [direction, kind, state]),
    [
      ['outbound', 'deliver', 'acknowledged'],
      ['inbound', 'request', 'accepted'],
    ],
  );
  checks.equal("B: A's certificate is on file and current", statesOf(atB), { [known.a.slice(0, 12)]: 'current' });
  checks.equal("A: B's certificate is on file and current", statesOf(atA), { [known.b.slice(0, 12)]: 'current' });
  checks.equal('B: what A authenticates with', authenticationOf(atB).current, known.a);
  checks.equal('A: what B authenticates with', authenticationOf(atA).current, known.b);
  checks.equal('both: the bypass is closed', [atA.bypassOpen, atB.bypassOpen], [false, false]);
  checks.equal(
    'B: that session ran through the bypass, over TLS',
    [session?.mode, session?.secureAuthentication, session?.transport, session?.end.outcome],
    ['exchange-only', false, 'tls', 'completed'],
  );
  checks.equal('B: in it one file came in and one went out', [session?.filesReceived, session?.filesSent], [1, 1]);
}
