import { createHash } from 'node:crypto';
import type { TrustListLevel } from '@certlane/contracts';
import { isPkiError, readCertificate } from '@certlane/pki';
import { authoritiesOf, namedSignerOf, readTrustList, verifyTrustList, type TrustList } from '@certlane/pki/trust-list';
import { isShowable } from './list-view.js';

/** A trust list as it came, and what it is verified by. Plain values, which cross to another thread. */
export interface ExaminationInput {
  readonly octets: Uint8Array;
  /** DER of the pinned signers; empty: by whoever the list names, which proves only that it is whole. */
  readonly signers: readonly Uint8Array[];
  readonly level: TrustListLevel;
  readonly now: Date;
}

/** An authority in accord, as DER. */
export interface ExaminedAuthority {
  readonly provider: string;
  readonly service: string;
  readonly since: Date;
  readonly certificate: Uint8Array;
  readonly above: readonly Uint8Array[];
}

/** What stands in a list whose signature holds. */
export interface ExaminedList {
  readonly ok: true;
  /** SHA-256 of the signed octets, lower-case hex. */
  readonly digest: string;
  /** DER of the certificate whose key signed. */
  readonly signer: Uint8Array;
  readonly schemeName: string;
  readonly operatorName: string | undefined;
  readonly sequenceNumber: number;
  readonly issuedAt: Date;
  readonly nextUpdate: Date | undefined;
  readonly authorities: readonly ExaminedAuthority[];
  readonly broken: readonly BrokenEntry[];
}

/** An entry that was passed over. */
export interface BrokenEntry {
  readonly place: string;
  readonly reason: string;
  readonly message: string;
}

/** What came of examining a list. */
export type Examination = ExaminedList | { readonly ok: false; readonly reason: string; readonly message: string };

/** Broken entries that are kept, and how long their texts are. */
const MOST_BROKEN = 200;
const LONGEST_PLACE = 160;
const LONGEST_MESSAGE = 300;
const LONGEST_NAME = 200;

/** Verifies a trust list, reads it and finds its authorities: all that is done with the octets of a stranger, in one call. */
export function examineTrustList(input: ExaminationInput): Examination {
  try {
    return examine(input);
  } catch (error) {
    if (!isPkiError(error)) throw error;
    return { ok: false, reason: error.code, message: error.message };
  }
}

function examine({ octets, signers, level, now }: ExaminationInput): ExaminedList {
  const pinned = signers.length > 0 ? signers.map((der) => readCertificate(der)) : [namedSignerOf(octets)];
  const { signedOctets, signer } = verifyTrustList(octets, { signers: pinned });
  const list = readTrustList(signedOctets);
  const { authorities, unused } = authoritiesOf(list, level, now);
  // What no list or event could name is not relied on.
  const shown = authorities.filter(({ certificate }) => isShowable(certificate));
  const broken: BrokenEntry[] = [
    ...list.skipped,
    ...unused.map(({ provider, service, reason, message }) => ({ place: `${provider}, ${service}`, reason, message })),
    ...authorities.filter((one) => !shown.includes(one)).map(({ provider, service }) => unshowable(provider, service)),
  ];
  return {
    ok: true,
    digest: createHash('sha256').update(signedOctets).digest('hex'),
    signer: signer.der,
    ...factsOf(list),
    authorities: shown.map(({ provider, service, since, certificate, above }) => ({
      provider: provider.slice(0, LONGEST_NAME),
      service: service.slice(0, LONGEST_NAME),
      since,
      certificate: certificate.der,
      above: above.map(({ der }) => der),
    })),
    broken: broken.slice(0, MOST_BROKEN).map(cut),
  };
}

function factsOf({ schemeName, operatorName, sequenceNumber, issuedAt, nextUpdate }: TrustList) {
  return {
    schemeName: schemeName.slice(0, LONGEST_NAME),
    operatorName: operatorName?.slice(0, LONGEST_NAME),
    sequenceNumber,
    issuedAt,
    nextUpdate,
  };
}

function unshowable(provider: string, service: string): BrokenEntry {
  const message = 'The subject or issuer of its certificate is empty or longer than Certlane can show.';
  return { place: `${provider}, ${service}`, reason: 'not-an-authority', message };
}

function cut({ place, reason, message }: BrokenEntry): BrokenEntry {
  return { place: place.slice(0, LONGEST_PLACE), reason, message: message.slice(0, LONGEST_MESSAGE) };
}
