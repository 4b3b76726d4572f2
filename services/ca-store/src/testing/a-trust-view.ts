import type { IssuerPurpose, TrustListLevel } from '@certlane/contracts';
import { type Certificate, readOcspResponse, readRevocationList } from '@certlane/pki';
import { createHash } from 'node:crypto';
import { isSelfSigned } from '../domain/authority-view.js';
import { trustViewOf } from '../domain/trust-view.js';
import type {
  FollowedList,
  InstalledIssuer,
  KnownAnswer,
  KnownRevocationList,
  TrustView,
} from '../ports/trust-state.js';

const NOW = '2026-06-01T00:00:00.000Z';
const idOf = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** An issuer as it is installed. */
export const anIssuer = (certificate: Certificate, purpose: IssuerPurpose = 'oftp2'): InstalledIssuer => ({
  certificate,
  selfSigned: isSelfSigned(certificate),
  purpose,
  at: NOW,
});

/** A followed trust list with these authorities, each the first of its chain. */
export const aTrustList = (
  name: string,
  level: TrustListLevel,
  chains: readonly (readonly [Certificate, ...Certificate[]])[],
  sequenceNumber = 1,
): FollowedList => ({
  name,
  level,
  signers: [],
  failures: 0,
  edition: {
    content: idOf(`${name} ${sequenceNumber}`),
    digest: idOf(`signed ${name} ${sequenceNumber}`),
    sequenceNumber,
    issuedAt: NOW,
    takenAt: NOW,
    broken: [],
    authorities: chains.map(([certificate, ...above], index) => ({
      provider: 'Test Provider',
      service: `Service ${index + 1}`,
      level,
      since: new Date(NOW),
      certificate,
      above,
    })),
  },
});

/** A revocation list as it was read at an address. */
export const aRevocationList = (der: Uint8Array, url = `http://crl.example.com/${idOf(der)}`): KnownRevocationList => ({
  id: idOf(url),
  url,
  list: readRevocationList(der),
  origin: 'fetched',
  takenAt: NOW,
  failures: 0,
});

/** An OCSP answer about a certificate. */
export const anAnswer = (certificate: Certificate, issuer: Certificate, octets: Uint8Array): KnownAnswer => ({
  id: idOf(`${certificate.fingerprint} http://ocsp.example.com/`),
  certificate,
  issuer,
  url: 'http://ocsp.example.com/',
  failures: 0,
  answer: { content: idOf(octets), octets, response: readOcspResponse(octets), takenAt: NOW },
});

/** What a view is to hold. */
export interface Holding {
  readonly version?: number;
  readonly issuers?: readonly InstalledIssuer[];
  readonly trustLists?: readonly FollowedList[];
  readonly revocationLists?: readonly KnownRevocationList[];
  readonly answers?: readonly KnownAnswer[];
}

/** A view that holds this and nothing else. */
export const aTrustView = ({
  version = 1,
  issuers = [],
  trustLists = [],
  revocationLists = [],
  answers = [],
}: Holding = {}): TrustView =>
  trustViewOf({
    version,
    issuers: new Map(issuers.map((one) => [one.certificate.fingerprint, one])),
    trustLists: new Map(trustLists.map((one) => [one.name, one])),
    revocationLists: new Map(revocationLists.map((one) => [one.id, one])),
    answers: new Map(answers.map((one) => [one.id, one])),
  });
