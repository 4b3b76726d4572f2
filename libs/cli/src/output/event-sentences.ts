import {
  caEvents,
  eventType,
  exchangeEvents,
  gatewayEvents,
  registryEvents,
  type CloudEvent,
  type DataOf,
  type EventContract,
} from '@certlane/contracts';
import { printable, type Style } from './style.js';
import { short, usageWords } from './words.js';

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
  accepted: (data) => `certificate ${short(data.certificate.fingerprint)} of ${data.partner} accepted`,
  refused: (data) => `certificate of ${data.partner} refused, ${data.reason}: ${data.message}`,
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

const aboutIssuers: Sentences<typeof caEvents> = {
  issuerAdded: (data) => `issuer ${data.issuer.subject} installed`,
  issuerRemoved: (data) => `issuer ${data.issuer.subject} taken out`,
};

const byType = new Map<string, (data: unknown) => string>([
  ...pairsOf(registryEvents, aboutRegistry),
  ...pairsOf(exchangeEvents, aboutExchanges),
  ...pairsOf(gatewayEvents, aboutSessions),
  ...pairsOf(caEvents, aboutIssuers),
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
