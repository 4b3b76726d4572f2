import { CertlaneError, exchangeRequests, isCertlaneError, registry } from '@certlane/contracts';
import type { CertificateSummary, Exchange, PartnerRef } from '@certlane/contracts';
import { eachPage, everyEntry, type Bus } from '../bus.js';
import { invalid } from '../input/invalid.js';
import { odetteIdFrom } from '../input/values.js';
import { shellWord } from '../output/words.js';

/** Fewer characters of a fingerprint are a slip rather than a name. */
const MINIMUM_PREFIX = 6;

/** Something that may be named by the beginning of its id. */
export interface Candidate {
  readonly id: string;
  /** How a person tells it from the others. */
  readonly label: string;
}

/** What is looked for, in words for the error. */
export interface Wanted {
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

/**
 * The one candidate that was found.
 * @throws {CertlaneError} `not-found` for none, `invalid-argument` for several
 */
export function only<C extends Candidate>(
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
export async function resolvePartner(
  bus: Bus,
  given: string,
  station: string | undefined,
  field = 'PARTNER',
): Promise<PartnerRef> {
  const id = odetteIdFrom(given, field);
  const where = station === undefined ? {} : { station: odetteIdFrom(station, '--station') };
  const { partners, next } = await bus.request(registry.partnerList, { id, ...where, limit: STATIONS_NAMED });
  const [first, ...more] = partners;
  if (first === undefined) {
    const place = station === undefined ? '' : ` of station ${station}`;
    throw new CertlaneError(
      'not-found',
      `${field} is '${given}': no such partner${place}; certlane partner list shows what there is`,
      {
        details: { field },
      },
    );
  }
  if (more.length > 0) {
    const stations = [...partners.map((partner) => partner.station), ...(next === undefined ? [] : ['…'])].join(', ');
    throw invalid(field, given, `the stations ${stations} have this partner; name one with --station`);
  }
  return { station: first.station, partner: id };
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
