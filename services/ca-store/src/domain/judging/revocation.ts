import type { ValidationVerdict } from '@certlane/contracts';
import {
  type Certificate,
  crlRevocation,
  firstDetermined,
  formatDistinguishedName,
  isPkiError,
  type OcspAnswer,
  ocspRevocation,
  type PathVerdict,
  type RevocationAddresses,
  revocationAddressesOf,
  type RevocationList,
  type RevocationPolicy,
  type RevocationSource,
  type RevocationState,
} from '@certlane/pki';
import type { RevocationNeed } from '../../ports/wanted.js';
import type { Case } from './case.js';

type StandsOn = ValidationVerdict['standsOn']['revocationLists'];

/** Lists and answers told: a verdict on more stands on them all the same. */
const MAXIMUM_TOLD = 64;

interface Asked {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly state: RevocationState;
  readonly by: RevocationNeed['by'];
}

/** Asks about the revocation of the certificates of one case, and keeps what came of it. */
export class RevocationAsking {
  /** How validation asks; undefined: the mode is `off`. */
  readonly policy: RevocationPolicy | undefined;

  readonly #asked = new Map<string, Asked>();
  readonly #used = new Map<unknown, StandsOn[number]>();

  constructor({ view, revocation, maximumAgeDays }: Pick<Case, 'view' | 'revocation' | 'maximumAgeDays'>) {
    if (revocation === 'off') return;
    const lists = crlRevocation({
      lists: view.lists,
      certificates: view.known,
      maximumAgeDays,
      onUse: (list) => this.#used.set(list, ofList(list)),
    });
    const answers: RevocationSource = (path, at) => {
      const [certificate, issuer] = path;
      if (certificate === undefined || issuer === undefined)
        return { status: 'undetermined', message: 'it has no issuer' };
      const source = ocspRevocation({
        answers: view.answersAbout(certificate.fingerprint),
        responderRevocation: lists,
        maximumAgeDays,
        onUse: (answer) => this.#used.set(answer, ofAnswer(answer, certificate, issuer)),
      });
      return source(path, at);
    };
    this.policy = { source: this.#remembering(lists, answers), mode: revocation };
  }

  /** What is known of the revocation of the path: the worst of its certificates. */
  verdict({ revocation, checks }: PathVerdict): ValidationVerdict['revocation'] {
    if (this.policy === undefined) return { status: 'not-checked', message: 'Nobody asked whether it is revoked.' };
    if (revocation === 'not-asked') {
      return { status: 'not-checked', message: 'The path does not hold, so that its revocation was not asked about.' };
    }
    const made = checks.filter(({ check }) => check === 'revocation');
    const worst = made.find(({ certificate }) => this.#asked.get(certificate)?.state.status === revocation);
    const state = worst === undefined ? undefined : this.#asked.get(worst.certificate)?.state;
    return {
      status: revocation,
      message: cut(worst?.message ?? 'Nothing is known of its revocation.'),
      ...(state?.status === 'revoked' ? { at: state.at.toISOString(), reason: state.reason } : {}),
    };
  }

  /** The lists and answers that counted. */
  standsOn(): StandsOn {
    return [...this.#used.values()].slice(0, MAXIMUM_TOLD);
  }

  /** Where the certificates asked about say that their revocation is to be learned. */
  needs(): readonly RevocationNeed[] {
    return [...this.#asked.values()].flatMap(({ certificate, issuer, by }) => {
      const addresses = addressesOf(certificate);
      return addresses === undefined ? [] : [{ certificate, issuer, addresses, by }];
    });
  }

  #remembering(lists: RevocationSource, answers: RevocationSource): RevocationSource {
    let by: RevocationNeed['by'];
    const naming =
      (who: NonNullable<RevocationNeed['by']>, source: RevocationSource): RevocationSource =>
      (path, at) => {
        const state = source(path, at);
        if (state.status !== 'undetermined') by = who;
        return state;
      };
    const source = firstDetermined(naming('list', lists), naming('ocsp', answers));
    return (path, at) => {
      by = undefined;
      const state = source(path, at);
      const [certificate, issuer] = path;
      if (certificate !== undefined && issuer !== undefined)
        this.#asked.set(certificate.fingerprint, { certificate, issuer, state, by });
      return state;
    };
  }
}

/** What says nothing that can be read names no address. */
function addressesOf(certificate: Certificate): RevocationAddresses | undefined {
  try {
    const addresses = revocationAddressesOf(certificate);
    const { cRLDistributionPoints, freshestCRL, ocsp } = addresses;
    return cRLDistributionPoints.length + freshestCRL.length + ocsp.length === 0 ? undefined : addresses;
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}

const MAXIMUM_NAME = 1_024;

function ofList({ issuer, number, thisUpdate }: RevocationList): StandsOn[number] {
  return {
    kind: 'list',
    issuer: formatDistinguishedName(issuer).slice(0, MAXIMUM_NAME),
    ...(number === undefined ? {} : { number: number.toString(16) }),
    thisUpdate: thisUpdate.toISOString(),
  };
}

function ofAnswer({ response }: OcspAnswer, certificate: Certificate, issuer: Certificate): StandsOn[number] {
  const basic = response.status === 'successful' ? response.basic : undefined;
  const about = basic?.responses.find(({ certID }) => certID.serialNumber === certificate.serialNumber);
  return {
    kind: 'ocsp',
    issuer: formatDistinguishedName(issuer.subject).slice(0, MAXIMUM_NAME) || '(no name)',
    thisUpdate: (about?.thisUpdate ?? basic?.producedAt ?? new Date(0)).toISOString(),
  };
}

/** Characters of a sentence in a verdict: certificates of strangers can make them long. */
const MAXIMUM_SENTENCE = 1_000;

/** A sentence for a verdict, of bounded length. */
export const cut = (message: string): string =>
  message.length > MAXIMUM_SENTENCE ? `${message.slice(0, MAXIMUM_SENTENCE)}…` : message;
