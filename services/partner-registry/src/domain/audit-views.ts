import { isDeepStrictEqual } from 'node:util';
import type { Usage } from '@certlane/contracts';
import { bypassTime } from './bypass.js';
import type { FiledCertificate, PartnerRecord, PartnerSettings } from './records.js';
import { settingNames } from './settings.js';

/** What an audit entry says of a change: never a secret. */
export interface Shown {
  readonly before?: unknown;
  readonly after?: unknown;
  /** Hex, of the certificates concerned. */
  readonly serialNumbers?: readonly string[];
}

/** Shows what a change made of a partner; undefined: it was not there before, or is not there any more. */
export type Show = (before: PartnerRecord | undefined, after: PartnerRecord | undefined) => Shown;

/** Settings that became different; of a password only that it did. */
export const showSettings: Show = (before, after) => {
  const changed = settingNames.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
  return { ...told('before', before && pick(before, changed)), ...told('after', after && pick(after, changed)) };
};

/** A partner as a whole: its settings, and in short what is on file for it. */
export const showPartner: Show = (before, after) => ({
  ...told('before', before && whole(before)),
  ...told('after', after && whole(after)),
  serialNumbers: [...new Set([before, after].flatMap((one) => one?.certificates ?? []).map(serialNumberOf))],
});

/** Identification entries that came or went. */
export const showEntries: Show = (before, after) => {
  const [was, is] = [before?.entries ?? [], after?.entries ?? []];
  const gone = was.filter(({ id }) => !is.some((one) => one.id === id));
  const came = is.filter(({ id }) => !was.some((one) => one.id === id));
  return { ...told('before', gone[0]), ...told('after', came[0]) };
};

/** Certificates that came, went, or serve otherwise now, and the time of the bypass where that changed. */
export const showCertificates: Show = (before, after) => {
  const [was, is] = [certificatesOf(before), certificatesOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const different = names.filter((name) => !isDeepStrictEqual(was.get(name), is.get(name)));
  const shown = (record: PartnerRecord | undefined, certificates: typeof was) =>
    record && { certificates: different.flatMap((name) => certificates.get(name) ?? []), ...reopening(record) };
  return {
    ...told('before', shown(before, was)),
    ...told('after', shown(after, is)),
    serialNumbers: different.flatMap((name) => (is.get(name) ?? was.get(name))?.serialNumber ?? []),
  };
};

/** Certificates that a review found to fall or to stand again; those of which it only found that they stand are left out. */
export const showStandings: Show = (before, after) => {
  const [was, is] = [standingsOf(before), standingsOf(after)];
  const changed = [...is.values()].filter(({ fingerprint, trusted, reason }) => {
    const then = was.get(fingerprint);
    return then === undefined ? !trusted : then.trusted !== trusted || then.reason !== reason;
  });
  return {
    before: changed.flatMap(({ fingerprint }) => was.get(fingerprint) ?? []),
    after: changed,
    serialNumbers: (after?.certificates ?? [])
      .filter((one) => changed.some(({ fingerprint }) => fingerprint === one.fingerprint))
      .map(serialNumberOf),
  };
};

/** Which certificates of ours a partner holds, by usage. */
export const showOwnUse: Show = (before, after) => ({
  ...told('before', before && acknowledged(before)),
  ...told('after', after && acknowledged(after)),
});

const told = (name: 'before' | 'after', value: unknown): Shown => (value === undefined ? {} : { [name]: value });

const serialNumberOf = ({ serialNumber }: FiledCertificate): string => serialNumber;

function pick(record: PartnerSettings, names: readonly (keyof PartnerSettings)[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, shownSetting(record, name)]));
}

function shownSetting(record: PartnerSettings, name: keyof PartnerSettings): unknown {
  if (name !== 'password' && name !== 'ourPassword') return record[name];
  return record[name] === undefined ? null : 'changed';
}

function whole(record: PartnerRecord) {
  return {
    ...(record.via === undefined ? {} : { via: record.via }),
    ...pick(
      record,
      settingNames.filter((name) => record[name] !== undefined),
    ),
    entries: record.entries.map(({ id, subject }) => ({ id, subject })),
    certificates: [...certificatesOf(record).values()],
  };
}

function certificatesOf(
  record: PartnerRecord | undefined,
): Map<string, { serialNumber: string; usages: readonly Usage[] }> {
  return new Map(
    (record?.certificates ?? []).map(({ fingerprint, subject, serialNumber, usages, replaced }) => [
      fingerprint,
      { fingerprint, subject, serialNumber, usages, ...(replaced === undefined ? {} : { replaced: replaced.by }) },
    ]),
  );
}

function standingsOf(record: PartnerRecord | undefined) {
  const standing = (record?.certificates ?? []).flatMap(({ fingerprint, standing: one }) =>
    one === undefined ? [] : [{ fingerprint, trusted: one.trusted, reason: one.reason, message: one.message }],
  );
  return new Map(standing.map((one) => [one.fingerprint, one]));
}

function reopening(record: PartnerRecord) {
  return record.bypassReopenedAt === undefined ? {} : { bypass: bypassTime(record) };
}

function acknowledged({ own }: PartnerRecord): unknown {
  return Object.fromEntries(Object.entries(own).map(([usage, use]) => [usage, use.acknowledged]));
}
