import type { RefusalReason } from '@certlane/contracts';
import { EsidReason } from '@certlane/oftp2';

/** What a refused peer is told. */
interface RefusalRow {
  readonly esid: EsidReason;
  /** Names no certificate and no setting: whoever reads it has not proven who he is. */
  readonly text: string;
}

/** Each reason to refuse a session as ESID says it (RFC 5024 §5.3.11); the words of the decision stay in our log and event. */
export const refusals = {
  'unknown-partner': { esid: EsidReason.userCodeNotKnown, text: 'User code not known' },
  'wrong-password': { esid: EsidReason.invalidPassword, text: 'Invalid password' },
  'authentication-mismatch': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'Secure authentication is agreed differently',
  },
  'bypass-closed': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'Secure authentication is needed: a certificate is on file',
  },
  'bypass-expired': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'Secure authentication is needed: the time for a first exchange is over, have this station reopen it',
  },
  'bypass-exhausted': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'Secure authentication is needed: no session for a first exchange is left, have this station reopen it',
  },
  'bypass-address': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'Secure authentication is needed: a first exchange is not possible from this address, call from the one agreed',
  },
  'tls-client-certificate': {
    esid: EsidReason.incompatibleAuthentication,
    text: 'The TLS client certificate is missing or not the one on file',
  },
  'no-own-certificate': {
    esid: EsidReason.invalidChallengeResponse,
    text: 'No certificate for secure authentication at this station',
  },
  'no-partner-certificate': {
    esid: EsidReason.invalidChallengeResponse,
    text: 'No valid certificate of the partner for secure authentication',
  },
} as const satisfies Record<RefusalReason, RefusalRow>;
