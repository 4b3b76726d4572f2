import { EfnaReason, efnaReasons } from './efna.js';
import { EsidReason, esidReasons } from './esid.js';
import { FILE_REFUSALS } from './file-refusals.js';
import { NerpReason, nerpReasons } from './nerp.js';
import { sfnaReasons, type SfnaReason } from './sfna.js';

/** A refusal keeps its order in NERPREAS, ten codes further on. RFC 5024 §5.3.14 */
const REFUSAL_OFFSET = 10;

const SHARED = FILE_REFUSALS.map((row): [number, NerpReason] => [row.code, nerpReasons.of(row.code + REFUSAL_OFFSET)]);

const FROM_ESID: ReadonlyMap<EsidReason, NerpReason> = new Map([
  [EsidReason.userCodeNotKnown, NerpReason.userCodeNotKnown],
  [EsidReason.invalidPassword, NerpReason.invalidPassword],
  [EsidReason.unspecified, NerpReason.sessionEndedUnspecified],
]);

const FROM_SFNA: ReadonlyMap<number, NerpReason> = new Map(SHARED);

// Codes 22 and 23 cross over: NERP numbers decompression before decryption, EFNA the other way round.
const FROM_EFNA: ReadonlyMap<number, NerpReason> = new Map([
  ...SHARED,
  [EfnaReason.invalidFileSignature, NerpReason.invalidFileSignature],
  [EfnaReason.decryptionFailure, NerpReason.decryptionFailed],
  [EfnaReason.decompressionFailure, NerpReason.decompressionFailed],
]);

/**
 * The NERPREAS owed to the originator after a session that the next station refused.
 * Undefined for the reasons RFC 5024 §5.3.14 gives no code: they say nothing about the file, which is tried again.
 */
export function nerpReasonForEsid(reason: EsidReason): NerpReason | undefined {
  return FROM_ESID.get(esidReasons.effective(reason));
}

/** The NERPREAS for an SFNA that said not to retry. RFC 5024 §5.3.14 */
export function nerpReasonForSfna(reason: SfnaReason): NerpReason {
  return FROM_SFNA.get(sfnaReasons.effective(reason)) ?? NerpReason.unspecified;
}

/** The NERPREAS for an EFNA. RFC 5024 §5.3.14 */
export function nerpReasonForEfna(reason: EfnaReason): NerpReason {
  return FROM_EFNA.get(efnaReasons.effective(reason)) ?? NerpReason.unspecified;
}
