import { CertlaneError, ca, exchangeRequests, isCertlaneError, registry } from '@certlane/contracts';
import type { CertificateSummary, Exchange, Issuer, PartnerRef } from '@certlane/contracts';
import { eachPage, everyEntry, type Bus } from '../bus.js';
import { invalid } from '../input/invalid.js';
import { odetteIdFrom } from '../input/values.js';
import { shellWord } from '../output/words.js';

/** Fewer characters of a fingerprint are a slip rather than a name. */
const MINIMUM_PREFIX = 6;

/** Something that may be named by the beginning of its id. */
interface Candidate {
  readonly id: string;
  /** How a person tells it from the others. */
  readonly label: string;
}

/** What is looked for, in words for the error. */
interface Wanted {
  /** `issuer` */
  readonly noun: string;
  /** The option or argument as the person wrote it. */
  readonly field: string;
  /** The command that lists what there is. */
  readonly listing: string;
  /** What the beginning is of, where not of an id. */
  readonly key?: string;
  /** What the person wrote, where something else is looked for in its place. */
  readonly shown?: string;
}

/**
 * The one candidate whose id begins with a text.
 * @throws {CertlaneError} `invalid-argument` for a text that is too short or fits several, `not-found` for one that fits none
 */
export function pickByPrefix<C extends Candidate>(wanted: Wanted, text: string, candidates: readonly C[]): C {
  const prefix = text.toLowerCase();
  const key = wanted.key ?? 'id';
  if (!/^[0-9a-z-]+$/.test(prefix)) {
    throw invalid(
      wanted.field,
      text,
      `name the ${wanted.noun} by the first ${MINIMUM_PREFIX} or more characters of its ${key}; ${wanted.listing} shows them`,
    );
  }
  if (prefix.length < MINIMUM_PREFIX) {
    throw invalid(
      wanted.field,
      text,
      `give at least ${MINIMUM_PREFIX} characters of the ${key}; ${wanted.listing} shows them`,
    );
  }
  return only(
    wanted,
    text,
    candidates.filter((candidate) => candidate.id.startsWith(prefix)),
  );
}

function only<C extends Candidate>(
  wanted: Wanted,
  text: string,
  found: readonly C[],
  remedy = 'give more characters',
): C {
  const [first, ...more] = found;
  const shown = wanted.shown ?? text;
  if (first === undefined) {
    throw new CertlaneError(
      'not-found',
      `${wanted.field} is '${shown}': no such ${wanted.noun}; ${wanted.listing} shows what there is`,
      {
        details: { field: wanted.field },
      },
    );
  }
  if (more.length > 0) {
    const names = found.map((candidate) => `${candidate.id.slice(0, 16)} (${candidate.label})`).join(', ');
    throw invalid(wanted.field, shown, `this names ${found.length} of them: ${names}; ${remedy}`);
  }
  return first;
}

/** Stations an error names before it points at the list. */
const STATIONS_NAMED = 20;

/** The station a command is about: the one named, or the only one there is. */
export async function resolveStation(bus: Bus, given: string | undefined, field = '--station'): Promise<string> {
  if (given !== undefined) return odetteIdFrom(given, field);
  const { stations, next } = await bus.request(registry.stationList, { limit: STATIONS_NAMED });
  const [first, ...more] = stations;
  if (first === undefined) {
    throw new CertlaneError(
      'failed-precondition',
      'no station exists yet; add one with: certlane station add --id ODETTE-ID --password PASSWORD',
      {
        details: { field },
      },
    );
  }
  if (more.length > 0) {
    const names = stations.map((station) => station.id).join(', ');
    const others = next === undefined ? '' : ' and more: certlane station list shows them all';
    throw invalid(field, undefined, `name one of the stations ${names}${others}`);
  }
  return first.id;
}

/** A partner as a person names it: its Odette ID, and the station where several have it. */
export async function resolvePartner(bus: Bus, given: string, station: string | undefined): Promise<PartnerRef> {
  const id = odetteIdFrom(given, 'PARTNER');
  const where = station === undefined ? {} : { station: odetteIdFrom(station, '--station') };
  const { partners, next } = await bus.request(registry.partnerList, { id, ...where, limit: STATIONS_NAMED });
  const [first, ...more] = partners;
  if (first === undefined) {
    const place = station === undefined ? '' : ` of station ${station}`;
    throw new CertlaneError(
      'not-found',
      `PARTNER is '${given}': no such partner${place}; certlane partner list shows what there is`,
      {
        details: { field: 'PARTNER' },
      },
    );
  }
  if (more.length > 0) {
    const stations = [...partners.map((partner) => partner.station), ...(next === undefined ? [] : ['…'])].join(', ');
    throw invalid('PARTNER', given, `the stations ${stations} have this partner; name one with --station`);
  }
  return { station: first.station, partner: id };
}

/** An installed issuer, by the beginning of its fingerprint, by its common name or by its subject as a whole. */
export async function resolveIssuer(bus: Bus, given: string, field: string, shown = given): Promise<Issuer> {
  if (given.trim() === '') {
    const remedy = 'name an installed issuer by its common name or fingerprint; certlane issuer list shows them';
    throw invalid(field, given, remedy);
  }
  const issuers = await everyEntry(bus, ca.issuerList, { limit: 500 }, (page) => page.issuers);
  const wanted: Wanted = { noun: 'issuer', field, listing: 'certlane issuer list', key: 'fingerprint', shown };
  const candidates = issuers.map((issuer) => ({ id: issuer.fingerprint, label: issuer.subject, issuer }));
  const byName = candidates.filter((candidate) => names(candidate.label, given));
  if (byName.length > 0) return only(wanted, given, byName, 'name it by its fingerprint').issuer;
  if (/^[0-9a-fA-F]+$/.test(given)) return pickByPrefix(wanted, given, candidates).issuer;
  const hint = 'it is not installed; install it first with: certlane issuer add FILE.pem';
  throw new CertlaneError('not-found', `${field} is '${given}': ${hint}; certlane issuer list shows what there is`, {
    details: { field },
  });
}

/** One of several certificates, by the beginning of its fingerprint. */
export function pickCertificate<C extends CertificateSummary>(
  certificates: readonly C[],
  given: string,
  wanted: Wanted,
): C {
  const candidates = certificates.map((certificate) => ({
    id: certificate.fingerprint,
    label: `${certificate.subject}, serial ${certificate.serialNumber}`,
    certificate,
  }));
  return pickByPrefix(wanted, given, candidates).certificate;
}

/** A certificate of a station of ours. */
export async function resolveOwnCertificate(bus: Bus, station: string, given: string, field: string, shown = given) {
  const certificates = await everyEntry(bus, registry.ownCertificateList, { station }, (page) => page.certificates);
  return pickCertificate(certificates, given, {
    noun: `certificate of station ${station}`,
    field,
    listing: `certlane certificate list --station ${shellWord(station)}`,
    key: 'fingerprint',
    shown,
  });
}

/** An exchange, by its id or the beginning of it. */
export async function resolveExchange(bus: Bus, given: string): Promise<Exchange> {
  const whole = await exchangeWithId(bus, given);
  if (whole !== undefined) return whole;
  const wanted: Wanted = { noun: 'exchange', field: 'ID', listing: 'certlane exchange list' };
  const found: (Candidate & { exchange: Exchange })[] = [];
  for await (const exchange of allExchanges(bus, {})) {
    found.push({ id: exchange.id, label: `${exchange.direction} ${exchange.kind}, ${exchange.partner}`, exchange });
  }
  return pickByPrefix(wanted, given, found).exchange;
}

async function exchangeWithId(bus: Bus, id: string): Promise<Exchange | undefined> {
  try {
    return (await bus.request(exchangeRequests.exchangeGet, { id })).exchange;
  } catch (thrown) {
    if (isCertlaneError(thrown) && (thrown.code === 'not-found' || thrown.code === 'invalid-argument'))
      return undefined;
    throw thrown;
  }
}

/** Every exchange, newest first, a page at a time from the service. */
export async function* allExchanges(
  bus: Bus,
  filter: { readonly station?: string; readonly partner?: string },
): AsyncGenerator<Exchange> {
  for await (const { exchanges } of eachPage(bus, exchangeRequests.exchangeList, { ...filter, limit: 500 })) {
    yield* exchanges;
  }
}

/** Whether a text is the common name in a subject, or the subject as a whole. */
function names(subject: string, text: string): boolean {
  const wanted = text.trim().toLowerCase().replace(/^cn=/, '');
  const common = /(?:^|[,+]\s*)cn=((?:[^,+\\]|\\.)*)/i.exec(subject)?.[1];
  return common?.toLowerCase() === wanted || subject.toLowerCase() === text.trim().toLowerCase();
}
