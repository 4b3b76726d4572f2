import {
  decodeToken,
  registry,
  streamNames,
  type CloudEvent,
  type ExchangeKind,
  type Partner,
} from '@certlane/contracts';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import { eventually } from '../support/eventually.js';
import { ask, type Relation } from './relation.js';
import type { Side } from '../support/side.js';

/** What must be told of one exchange, in this order, each once. */
const OUTBOUND = ['exchange.queued', 'exchange.sent', 'own-certificate.switched', 'exchange.acknowledged'];
const INBOUND = ['exchange.received', 'certificate.taken-over', 'exchange.accepted', 'exchange.answered'];
const RECALL = [
  'exchange.received',
  'certificate.taken-over',
  'certificate.replaced',
  'exchange.accepted',
  'exchange.answered',
];

interface Told {
  readonly exchange?: string;
  readonly kind?: ExchangeKind;
  readonly station?: string;
  readonly certificate?: { readonly fingerprint: string };
}

/** Everything of a relation that is not as it must be after what was sent; read from the running stations. */
export async function complaints(relation: Relation): Promise<string[]> {
  const [toldA, toldB] = await Promise.all([
    relation.a.operator.events(relation.atA.partner),
    relation.b.operator.events(relation.atB.partner),
  ]);
  const [viewA, viewB] = await Promise.all([
    ask(relation.a, registry.partnerGet, relation.atA),
    ask(relation.b, registry.partnerGet, relation.atB),
  ]);
  return [
    ...stories(relation, toldA, ['deliver'], relation.sent).map((one) => `A ${one}`),
    ...stories(relation, toldB, relation.sent, ['deliver']).map((one) => `B ${one}`),
    ...oneState(viewA.partner).map((one) => `A ${one}`),
    ...oneState(viewB.partner).map((one) => `B ${one}`),
    ...agreement(relation, viewA.partner, viewB.partner),
    ...causality(toldA, toldB),
    ...causality(toldB, toldA),
  ].map((one) => `${relation.atA.station}: ${one}`);
}

/** Ids that more than one event of a station has. */
export async function repeatedIds(side: Side): Promise<string[]> {
  const seen = new Set<string>();
  return (await side.operator.events()).flatMap(({ id, type }) => {
    if (seen.has(id)) return [`${side.name} tells ${type} ${id} twice`];
    seen.add(id);
    return [];
  });
}

/** What a side still has to do once everything is through: jobs, and messages that wait in documents. */
export async function leftovers(side: Side): Promise<string[]> {
  const manager = await jetstreamManager(await side.nats.connect('anyone'));
  const { jobs, bucket } = streamNames;
  const { prefix } = side.nats;
  const buckets = ['cert-exchange', 'partner-registry'].map((service) => `KV_${bucket(prefix, service)}`);
  const look = async () => [
    ...(await jobsToDo(side, await subjectsOf(manager, jobs(prefix), () => true))).map(
      (subject) => `${side.name} still has job ${subject}`,
    ),
    ...(await Promise.all(buckets.map((stream) => subjectsOf(manager, stream, isUntold))))
      .flat()
      .map((subject) => `${side.name} still has an untold change of ${subject}`),
  ];
  return eventually(look, (left) => left.length === 0);
}

/**
 * Jobs of partners with whom something is open. After failures in a row a call, or a decision, is put off, a call for up to an hour;
 * its job ends unheard when it comes up, where another session, or another replica, did the work meanwhile.
 */
async function jobsToDo(side: Side, subjects: readonly string[]): Promise<string[]> {
  const open = await Promise.all(
    subjects.map(async (subject) => {
      const partner = decodeToken(subject.replace(/^.*\./, ''));
      return (await side.operator.exchanges({ partner })).some(({ awaits }) => awaits !== undefined);
    }),
  );
  return subjects.filter((_, index) => open[index]);
}

/** Subjects whose last message in a stream is of the kind that is asked for. */
async function subjectsOf(
  manager: JetStreamManager,
  stream: string,
  wanted: (message: StoredMsg) => boolean,
): Promise<string[]> {
  const { state } = await manager.streams.info(stream, { subjects_filter: '>' });
  const found: string[] = [];
  for (const subject of Object.keys(state.subjects ?? {})) {
    const message = await manager.streams.getMessage(stream, { last_by_subj: subject });
    if (message !== null && wanted(message)) found.push(subject);
  }
  return found;
}

/** Whether a document still holds messages that may not have been published. */
const isUntold = (document: StoredMsg): boolean => document.header.has('Certlane-Pending');

/** Each exchange told whole, in order, once; and no exchange that was not. */
function stories(
  { atA, atB }: Relation,
  events: readonly CloudEvent[],
  inbound: readonly ExchangeKind[],
  outbound: readonly ExchangeKind[],
): string[] {
  const byExchange = new Map<string, { kind: string; names: string[] }>();
  for (const { type, data } of events) {
    const { exchange, kind, station } = data as Told;
    if (exchange === undefined || (station !== atA.station && station !== atB.station)) continue;
    const name = type.replace(/^certlane\./, '').replace(/\.v1$/, '');
    const story = byExchange.get(exchange) ?? { kind: '', names: [] };
    byExchange.set(exchange, { kind: kind ?? story.kind, names: [...story.names, name] });
  }
  const told = [...byExchange.values()].map(({ kind, names }) => `${kind}: ${names.join(', ')}`);
  const expected = [
    ...inbound.map((kind) => `${kind}: ${(kind === 'replace' ? RECALL : INBOUND).join(', ')}`),
    ...outbound.map((kind) => `${kind}: ${OUTBOUND.join(', ')}`),
  ];
  return difference(told, expected);
}

function difference(seen: readonly string[], expected: readonly string[]): string[] {
  const left = [...expected];
  const extra = seen.filter((one) => {
    const place = left.indexOf(one);
    if (place >= 0) left.splice(place, 1);
    return place < 0;
  });
  return [...extra.map((one) => `told: ${one}`), ...left.map((one) => `did not tell: ${one}`)];
}

/** No certificate in two states: filed once, and for each usage current, accepted or scheduled, never two of them. */
function oneState(partner: Partner): string[] {
  const filed = partner.certificates.map(({ fingerprint }) => fingerprint);
  const twice = filed.filter((one, place) => filed.indexOf(one) !== place).map((one) => `filed ${one} twice`);
  const ambiguous = partner.usages.flatMap(({ usage, current, accepted, scheduled, ours, oursAccepted }) => {
    const theirs = [
      ...(current === undefined ? [] : [current]),
      ...[...accepted, ...scheduled].map(({ fingerprint }) => fingerprint),
    ];
    const own = [...(ours === undefined ? [] : [ours]), ...oursAccepted];
    return new Set(theirs).size === theirs.length && new Set(own).size === own.length
      ? []
      : [`has one certificate in two states for ${usage}`];
  });
  const replaced = partner.certificates
    .filter(({ state }) => state === 'replaced')
    .filter(({ fingerprint }) =>
      partner.usages.some(
        ({ current, accepted }) => current === fingerprint || accepted.some((one) => one.fingerprint === fingerprint),
      ),
    )
    .map(({ fingerprint }) => `still accepts ${fingerprint}, which was recalled`);
  return [...twice, ...ambiguous, ...replaced];
}

/** What one side proves itself with is what the other holds as current, for every usage that was exchanged. */
function agreement(relation: Relation, atA: Partner, atB: Partner): string[] {
  const expected = relation.ours.at(-1);
  const latest = atB.usages
    .filter(({ usage, current }) => usage !== 'tls' && current !== expected)
    .map(({ usage, current }) => `B holds ${String(current)} as current for ${usage}, not ${String(expected)}`);
  return [...latest, ...sameCurrent(atA, atB, 'A'), ...sameCurrent(atB, atA, 'B')];
}

function sameCurrent(us: Partner, them: Partner, name: string): string[] {
  return us.usages.flatMap(({ usage, ours }) => {
    const held = them.usages.find((row) => row.usage === usage)?.current;
    return usage === 'tls' || ours === held
      ? []
      : [`${name} uses ${String(ours)} for ${usage}, the other side holds ${String(held)}`];
  });
}

/** An EERP is believed only when the certificate was on file at the other side before. */
function causality(sender: readonly CloudEvent[], receiver: readonly CloudEvent[]): string[] {
  const acknowledged = sender.filter(({ type }) => type === 'certlane.exchange.acknowledged.v1');
  return acknowledged.flatMap(({ time, data }) => {
    const queued = sender.find(
      (other) =>
        other.type === 'certlane.exchange.queued.v1' && (other.data as Told).exchange === (data as Told).exchange,
    );
    const { fingerprint } = (queued?.data as Told | undefined)?.certificate ?? { fingerprint: 'none' };
    const taken = receiver.find(
      (other) =>
        other.type === 'certlane.certificate.taken-over.v1' &&
        (other.data as Told).certificate?.fingerprint === fingerprint,
    );
    return taken !== undefined && taken.time <= time ? [] : [`EERP for ${fingerprint} before it was on file`];
  });
}
