import type { CloudEvent } from '@certlane/contracts';
import { eventually } from '../../support/eventually.js';
import type { Scene } from '../scene.js';
import { PEER, PLAIN } from './refusals.js';

/** Fingerprints of the certificates in the order in which they came. */
export interface Fingerprints {
  readonly a: string;
  readonly b: string;
  readonly renewed: string;
  readonly last: string;
}

/** What is told of a certificate that comes in and is accepted; `change` stands where it is new. */
const incoming = (kind: string, ...change: string[]): string[] => [
  `exchange.received ${kind}`,
  ...change,
  `exchange.accepted ${kind}`,
  'exchange.answered eerp',
];
const refusedOne = (reason: string): string[] => [
  'exchange.received deliver',
  `exchange.refused ${reason}`,
  'exchange.answered nerp',
];

/** Each event as the word for it and what tells it from others of its kind; certificates by their names in {@link Fingerprints}. */
const STORY: readonly (readonly [chapter: string, about: 'A' | 'peer' | 'plain' | '-', events: readonly string[]])[] = [
  [
    'B gets ready',
    '-',
    ['station.added', 'own-certificate.added b', 'own-certificate.activated b', 'issuer.added Acme OFTP2 CA'],
  ],
  ['B enters A', 'A', ['partner.added', 'partner.identified']],
  [
    'the first exchange',
    'A',
    [
      'bypass.used',
      'exchange.received request',
      'certificate.taken-over a, bypass closed',
      'exchange.accepted request',
      'exchange.queued deliver',
      'exchange.answered eerp',
      'exchange.sent deliver',
      'own-certificate.switched b',
      'exchange.acknowledged deliver',
      'session.ended completed exchange-only',
    ],
  ],
  ['the same again', 'A', [...incoming('deliver'), 'session.ended completed full']],
  ['a session without authentication', 'A', ['bypass.refused bypass-closed']],
  ['a session without authentication', '-', ['session.ended refused']],
  ['the renewal', 'A', [...incoming('deliver', 'certificate.taken-over renewed'), 'session.ended completed full']],
  [
    'the recall',
    'A',
    [
      ...incoming('replace', 'certificate.taken-over last', 'certificate.replaced renewed'),
      'session.ended completed full',
    ],
  ],
  ['the next session', 'A', [...incoming('deliver'), 'session.ended completed full']],
  ['B enters two more', 'peer', ['partner.added']],
  ['B enters two more', 'plain', ['partner.added']],
  ['B says what to expect', 'peer', ['partner.identified']],
  ['B trusts an issuer for a while', '-', ['issuer.added Lost Authority']],
  ['B trusts an issuer for a while', 'peer', ['partner.identified']],
  ['B trusts an issuer for a while', '-', ['issuer.removed Lost Authority']],
  [
    'what was refused in the bypass',
    'peer',
    [
      'bypass.used',
      ...refusedOne('issuer-unknown'),
      ...refusedOne('expired'),
      ...refusedOne('no-match'),
      'session.ended completed exchange-only',
    ],
  ],
  ['what was refused without ACX', 'plain', [...refusedOne('acx-disabled'), 'session.ended completed full']],
  ['strangers', '-', ['session.ended refused', 'session.ended refused', 'session.ended refused']],
];

/** 7. B's events tell the whole story in order, each once, to a subscriber that knows only the AsyncAPI document. */
export async function tellTheStory({ a, b, checks }: Scene, known: Fingerprints): Promise<void> {
  checks.step("7 B's events tell this story in order, each once");
  const { received } = b.subscriber;
  const expected = STORY.flatMap(([, , events]) => events).length;
  await eventually(
    () => received.length,
    (count) => count >= expected,
  );
  const subjects = { A: a.odetteId, peer: PEER.code, plain: PLAIN.code, '-': undefined };
  const told = received.map(({ event }) => ({ subject: event.subject, words: wordsFor(event, known) }));
  let from = 0;
  for (const [chapter, about, events] of STORY) {
    const part = told.slice(from, from + events.length);
    checks.equal(
      `the subscriber reads: ${chapter}`,
      part,
      events.map((words) => ({ subject: subjects[about], words })),
    );
    from += events.length;
  }
  checks.equal('nothing was told beyond that', told.slice(from), []);
  checks.equal('each event has an id of its own', new Set(received.map(({ event }) => event.id)).size, received.length);
  checks.equal(
    'each event is what the AsyncAPI document says',
    received.flatMap(({ complaint }) => complaint ?? []),
    [],
  );
}

interface Told {
  readonly kind?: string;
  readonly reason?: string;
  readonly answer?: string;
  readonly fingerprint?: string;
  readonly certificate?: { readonly fingerprint: string };
  readonly issuer?: { readonly subject: string };
  readonly bypassClosed?: boolean;
  readonly mode?: string;
  readonly end?: { readonly outcome: string };
}

function wordsFor({ type, data }: CloudEvent, known: Fingerprints): string {
  const name = type.replace(/^certlane\./, '').replace(/\.v1$/, '');
  const told = data as Told;
  const named = Object.entries(known).find(
    ([, fingerprint]) => fingerprint === (told.fingerprint ?? told.certificate?.fingerprint),
  )?.[0];
  const issuer = /CN=([^,]*)/.exec(told.issuer?.subject ?? '')?.[1];
  const about = /^(?:exchange|bypass)\./.test(name)
    ? (told.reason ?? told.answer ?? told.kind)
    : [told.end?.outcome, told.mode, named, issuer].filter((word) => word !== undefined).join(' ');
  return (
    [name, about].filter((word) => word !== undefined && word !== '').join(' ') +
    (told.bypassClosed === true ? ', bypass closed' : '')
  );
}
