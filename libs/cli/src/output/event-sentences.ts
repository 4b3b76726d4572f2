import {
  caEvents,
  eventType,
  exchangeEvents,
  gatewayEvents,
  registryEvents,
  unreachableReasons,
  type CloudEvent,
  type DataOf,
  type EventContract,
} from '@certlane/contracts';
import { printable, type Style } from './style.js';
import { count, day, moment, short, usageWords } from './words.js';

type Sentences<Events extends Record<string, EventContract>> = {
  readonly [Name in keyof Events]: (data: DataOf<Events[Name]>) => string;
};

const aboutRegistry: Sentences<typeof registryEvents> = {
  stationAdded: (data) => `station ${data.station} added`,
  ownCertificateAdded: (data) => `certificate ${short(data.certificate.fingerprint)} of ${data.station} put on file`,
  ownCertificateActivated: (data) => `${data.station} uses ${short(data.fingerprint)} for ${usageWords(data.usages)}`,
  ownCertificateSwitched: (data) => `${short(data.fingerprint)} is used towards ${data.partner} from now on`,
  partnerAdded: (data) => `partner ${data.partner} added`,
  partnerChanged: (data) => `settings of ${data.partner} changed: ${data.changed.join(', ')}`,
  partnerRemoved: (data) => `partner ${data.partner} removed`,
  partnerIdentified: (data) => `${data.entry.subject} is expected from ${data.partner}`,
  partnerUnidentified: (data) => `entry ${data.entry} of ${data.partner} taken out`,
  certificateTakenOver: (data) =>
    `${short(data.certificate.fingerprint)} of ${data.partner} taken over (${data.kind})${data.bypassClosed ? '; the bypass is closed' : ''}`,
  certificateReplaced: (data) =>
    `${short(data.fingerprint)} of ${data.partner} is out of use, recalled in favour of ${short(data.by)}`,
  certificateAdded: (data) =>
    `${short(data.certificate.fingerprint)} of ${data.partner} put on file by hand${data.bypassClosed ? '; the bypass is closed' : ''}`,
  certificateRemoved: (data) =>
    `${short(data.fingerprint)} of ${data.partner} taken off file${data.bypassReopened ? '; the bypass is open again' : ''}`,
  bypassReopened: (data) => {
    const certificates =
      data.certificates.length === 0 ? '' : `; out of use: ${data.certificates.map(short).join(', ')}`;
    return `the bypass of ${data.partner} is open again${byWords(data.by, ', reopened by')}: ${data.reason}${certificates}`;
  },
  certificateFell: (data) =>
    `${short(data.certificate.fingerprint)} of ${data.partner} (${usageWords(data.usages)}) is no longer trusted: ${data.standing.message}`,
  certificateStood: (data) =>
    `${short(data.certificate.fingerprint)} of ${data.partner} (${usageWords(data.usages)}) is trusted again: ${data.standing.message}`,
};

const aboutExchanges: Sentences<typeof exchangeEvents> = {
  queued: (data) => `${data.kind} of ${short(data.certificate.fingerprint)} waits to be sent to ${data.partner}`,
  sent: (data) =>
    data.duplicate === true
      ? `${data.partner} had received our ${data.kind} before (SFNA 13); its answer is awaited`
      : `${data.partner} has received our ${data.kind}; its answer is awaited`,
  acknowledged: (data) => `${data.partner} has taken our certificate over (EERP)`,
  rejected: (data) =>
    `${data.partner} did not take our certificate over (${data.by.toUpperCase()} ${data.reason}): ${data.message}`,
  failed: (data) =>
    `${data.direction === 'outbound' ? `our ${data.kind} to` : `our answer to the ${data.kind} of`} ${data.partner} is given up, ${data.reason}: ${data.message}`,
  received: (data) => `a certificate (${data.kind}) has come in from ${data.partner}`,
  held: (data) =>
    `certificate ${short(data.certificate.fingerprint)} of ${data.partner} waits for a person, ${data.approval}: ${data.message} (certlane approval show ${data.exchange})`,
  accepted: (data) => `certificate ${short(data.certificate.fingerprint)} of ${data.partner} accepted`,
  refused: (data) => `certificate of ${data.partner} refused, ${data.reason}: ${data.message}`,
  bypassUsed: (data) =>
    `a session ${data.direction === 'outbound' ? 'with' : 'of'} ${data.partner} (${data.remoteAddress}) runs in the bypass, the ${ordinal(data.uses)} since it is open`,
  bypassRefused: (data) =>
    `${count(data.refused, 'session')} of ${data.partner} refused, the last one from ${data.remoteAddress}, ${data.reason}: ${data.message}`,
  answered: (data) => `${data.partner} has our ${data.answer.toUpperCase()}`,
  dialFailed: (data) => `${data.partner} was not reached: ${data.message}; next try ${data.next.slice(11, 19)}Z`,
};

const aboutSessions: Sentences<typeof gatewayEvents> = {
  sessionEnded: (data) => {
    const who = `${data.role === 'initiator' ? 'to' : 'from'} ${data.partner ?? data.remoteAddress}`;
    const how = [
      data.tlsVersion ?? data.transport,
      data.mode,
      data.secureAuthentication ? 'secure authentication' : undefined,
    ];
    const words = how.filter((word) => word !== undefined).join(', ');
    return `session ${who} ${data.end.outcome} (${words}): ${data.end.message}`;
  },
};

const aboutTrust: Sentences<typeof caEvents> = {
  issuerAdded: ({ issuer, purpose, formerPurpose, by }) =>
    formerPurpose === undefined
      ? `issuer ${issuer.subject} installed${purpose === 'oftp2' ? '' : `, ${purpose}`}${byWords(by)}`
      : `issuer ${issuer.subject} was ${formerPurpose}, is now ${purpose}${byWords(by)}`,
  issuerRemoved: (data) => `issuer ${data.issuer.subject} taken out${byWords(data.by)}`,
  trustListTaken: (data) =>
    `trust list ${data.name}, number ${data.sequenceNumber}, is in use: ${differenceWords(data)}; the next one is due by ${day(data.nextUpdate)}`,
  trustListRefused: (data) => {
    const isUnread = unreachableReasons.some((reason) => reason === data.reason);
    const what = isUnread
      ? `trust list ${data.name} could not be read`
      : `an edition of trust list ${data.name} was not taken`;
    const remedy = data.remedy === undefined ? '' : `; ${data.remedy}`;
    return `${what}, the last good one stays in use; ${data.reason}: ${data.message.replace(/\.$/, '')}${remedy}`;
  },
  trustListRemoved: (data) =>
    `trust list ${data.name} is no longer followed${byWords(data.by, ', taken out by')}: ${differenceWords({ ...data, added: [], addedCount: 0 })}`,
  signerStaged: (data) =>
    `${data.signer.subject} (${short(data.signer.fingerprint)}) is proposed as signer of trust list ${data.name}${byWords(data.by)}; another person has to confirm it`,
  signerConfirmed: (data) =>
    `${data.signer.subject} (${short(data.signer.fingerprint)}) signs trust list ${data.name} from now on${byWords(data.by, ', confirmed by')}`,
  revocationListTaken: (data) => {
    const number = data.number === undefined ? '' : `, number ${data.number}`;
    const next = data.nextUpdate === undefined ? '' : `, the next one is due by ${moment(data.nextUpdate)}`;
    const what =
      data.kind === 'ocsp' ? 'OCSP answer' : data.kind === 'delta' ? 'delta revocation list' : 'revocation list';
    return `${what} of ${data.issuer}${number} of ${moment(data.thisUpdate)} is in use: ${count(data.entries, 'entry', 'entries')}${next}`;
  },
  revocationListFailed: (data) =>
    `revocation list ${data.url ?? short(data.id)} serves no more, ${data.reason}: ${data.message}`,
  revocationListRemoved: (data) =>
    `imported revocation list of ${data.issuer}${data.number === undefined ? '' : `, number ${data.number},`} counts no more${byWords(data.by, ', taken out by')}: it had ${count(data.entries, 'entry', 'entries')}`,
};

/** Names a few of those that come and go; the event has more. */
const NAMED = 3;

function differenceWords(
  data: Pick<DataOf<typeof caEvents.trustListTaken>, 'added' | 'addedCount' | 'removed' | 'removedCount'>,
): string {
  const words = (total: number, named: readonly { readonly subject: string }[], what: string): string[] => {
    if (total === 0) return [];
    const subjects = named.slice(0, NAMED).map(({ subject }) => subject);
    const more = total > subjects.length ? [`and ${total - subjects.length} more`] : [];
    return [`${count(total, 'authority', 'authorities')} ${what} (${[...subjects, ...more].join('; ')})`];
  };
  const all = [...words(data.addedCount, data.added, 'added'), ...words(data.removedCount, data.removed, 'removed')];
  return all.length === 0 ? 'the same authorities as before' : all.join(', ');
}

function byWords(by: string | undefined, words = ' by'): string {
  return by === undefined ? '' : `${words} ${by}`;
}

function ordinal(number: number): string {
  const ending = /1\d$/.test(String(number)) ? 'th' : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${ending}`;
}

const byType = new Map<string, (data: unknown) => string>([
  ...pairsOf(registryEvents, aboutRegistry),
  ...pairsOf(exchangeEvents, aboutExchanges),
  ...pairsOf(gatewayEvents, aboutSessions),
  ...pairsOf(caEvents, aboutTrust),
]);

/** As wide as the longest name, so that the sentences stand below each other. */
const NAME_WIDTH = Math.max(...[...byType.keys()].map((type) => nameOf(type).length));

/** An event as one line for a person: when, what, and a sentence. A type this version does not know is shown as it came. */
export function eventLine(style: Style, event: CloudEvent): string {
  const name = nameOf(event.type);
  const sentence = byType.get(event.type)?.(event.data) ?? JSON.stringify(event.data);
  return `${style.faint(`${event.time.slice(0, 10)} ${event.time.slice(11, 19)}Z`)}  ${style.strong(name.padEnd(NAME_WIDTH))}  ${printable(sentence)}`;
}

/** Data that does not fit its contract is shown as it came: a reader of a log must not stop at one entry. */
function pairsOf<Events extends Record<string, EventContract>>(
  events: Events,
  sentences: Sentences<Events>,
): [string, (data: unknown) => string][] {
  return Object.entries(events).map(([name, contract]) => {
    const sentence = sentences[name] as (data: unknown) => string;
    return [
      eventType(contract),
      (data) => {
        const fitting = contract.data.safeParse(data);
        return fitting.success ? sentence(fitting.data) : JSON.stringify(data);
      },
    ];
  });
}

function nameOf(type: string): string {
  return type.replace(/^certlane\./, '').replace(/\.v\d+$/, '');
}
