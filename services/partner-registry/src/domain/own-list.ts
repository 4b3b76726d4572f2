import type { StationRecord } from './records.js';

/** A line of the list of a station's keys and certificates: one or the other. */
export interface Listed {
  /** Where it stands; places are ordered as texts, and that of a line never changes. */
  readonly place: string;
  /** A key that waits for its certificate. */
  readonly pendingKey?: { readonly keyId: string; readonly createdAt: string };
  /** Fingerprint of a certificate. */
  readonly certificate?: string;
}

const PLACE = /^(?:1 key|2 certificate) [0-9TZ:.-]{1,32} [0-9a-f]{64}$/;

/** Whether a text is the place of a line. */
export function isPlace(text: string): boolean {
  return PLACE.test(text);
}

/**
 * Keys that wait for their certificate, then certificates; each the oldest first. The keys stand first because a key may get its
 * certificate while the list is read: it is then seen twice rather than not at all.
 */
export function listOf(
  station: StationRecord,
  keys: readonly { readonly keyId: string; readonly createdAt: string }[],
): Listed[] {
  const served = new Set(station.certificates.map(({ keyId }) => keyId));
  const lines = [
    ...keys
      .filter(({ keyId }) => !served.has(keyId))
      .map(({ keyId, createdAt }) => ({
        place: `1 key ${createdAt} ${keyId}`,
        pendingKey: { keyId, createdAt },
      })),
    ...station.certificates.map(({ fingerprint, notBefore }) => ({
      place: `2 certificate ${notBefore} ${fingerprint}`,
      certificate: fingerprint,
    })),
  ];
  return lines.sort((a, b) => (a.place < b.place ? -1 : 1));
}
