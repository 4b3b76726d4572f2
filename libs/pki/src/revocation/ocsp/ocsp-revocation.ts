import type { Certificate } from '../../certificate/index.js';
import { isPkiError } from '../../errors.js';
import { sameOctets } from '../../octets.js';
import type { RevocationSource, RevocationState } from '../../validation/revocation-source.js';
import { Freshness, type FreshnessLimits } from '../freshness.js';
import { shortText, troublesText } from '../texts.js';
import { isIdOf } from './certificate-id.js';
import { responderTrouble } from './ocsp-responder.js';
import type { BasicOcspResponse, OcspResponse, SingleResponse } from './ocsp-response.js';

/** What a responder sent, and what it was sent. */
export interface OcspAnswer {
  readonly response: OcspResponse;
  /** The nonce of the request: the answer must repeat it. Left out: none was sent, and none is asked for. */
  readonly nonce?: Uint8Array | undefined;
}

/** Answers to judge revocation by, and how far they are relied on. */
export interface OcspRevocationInput extends FreshnessLimits {
  readonly answers: readonly OcspAnswer[];
  /** Tells of the revocation of responders without id-pkix-ocsp-nocheck, as by `crlRevocation`. Left out: they are not believed. */
  readonly responderRevocation?: RevocationSource | undefined;
  /** Called for each answer that a state rests on. */
  readonly onUse?: ((answer: OcspAnswer) => void) | undefined;
}

/**
 * Days for which an answer without nextUpdate is relied on. It says that there is newer news at any time (RFC 6960 §4.2.2.1), so it
 * gets no more than the time in which lists are read again.
 */
const DAYS_WITHOUT_NEXT_UPDATE = 1;

/**
 * Judges revocation by OCSP answers (RFC 6960 §3.2). One that says `revoked` goes before one that says `good`; a status `unknown`, and
 * whatever is not authentic, current and about the certificate, leaves it `undetermined`. As with lists, an authentic answer that is
 * out of date still counts if it says that the certificate was revoked, unless it was only on hold.
 */
export function ocspRevocation(input: OcspRevocationInput): RevocationSource {
  const inquiry = new OcspInquiry(input);
  return (path, at) => inquiry.judge(path, at);
}

interface Finding {
  readonly answer: OcspAnswer;
  readonly state: RevocationState;
}

class OcspInquiry {
  private readonly freshness: Freshness;
  private readonly withoutNext: Freshness;

  constructor(private readonly input: OcspRevocationInput) {
    this.freshness = new Freshness(input);
    const { maximumAgeDays = DAYS_WITHOUT_NEXT_UPDATE, clockSkewSeconds } = input;
    this.withoutNext = new Freshness({
      maximumAgeDays: Math.min(maximumAgeDays, DAYS_WITHOUT_NEXT_UPDATE),
      clockSkewSeconds,
    });
  }

  judge(path: readonly Certificate[], at: Date): RevocationState {
    const [certificate, issuer] = path;
    if (certificate === undefined || issuer === undefined)
      return { status: 'undetermined', message: 'there is no issuer whose responder could be asked' };
    const findings = this.input.answers.flatMap((answer) => this.#tryFindings(answer, path, at));
    const best =
      findings.find(({ state }) => state.status === 'revoked') ?? findings.find(({ state }) => state.status === 'good');
    if (best !== undefined) {
      this.input.onUse?.(best.answer);
      return best.state;
    }
    const troubles = findings.map(({ state }) => state.message);
    if (troubles.length === 0) troubles.push(`there is no OCSP answer about it from ${shortText(issuer.subject)}`);
    return { status: 'undetermined', message: troublesText(troubles) };
  }

  /** What one answer cannot be read for says nothing against the others. */
  #tryFindings(answer: OcspAnswer, path: readonly Certificate[], at: Date): readonly Finding[] {
    try {
      return this.#findings(answer, path, at);
    } catch (error) {
      if (!isPkiError(error)) throw error;
      return [
        { answer, state: { status: 'undetermined', message: `an OCSP answer cannot be read: ${error.message}` } },
      ];
    }
  }

  #findings(answer: OcspAnswer, path: readonly Certificate[], at: Date): readonly Finding[] {
    const finding = (message: string): Finding => ({ answer, state: { status: 'undetermined', message } });
    const { response } = answer;
    if (response.status !== 'successful') return [finding(`the OCSP responder answered ${response.status}`)];
    const { basic } = response;
    const about = basic.responses.filter(({ certID }) => isAbout(certID, path));
    // Answers about other certificates are no trouble: all of them are given to each certificate of a path.
    if (about.length === 0) return [];
    const trouble = this.#trouble(basic, answer, path, at);
    if (trouble !== undefined) return [finding(`${answerText(basic)} ${trouble}`)];
    return about.map((single) => ({ answer, state: this.#stateOf(single, basic, at) }));
  }

  #trouble(
    basic: BasicOcspResponse,
    { nonce }: OcspAnswer,
    path: readonly Certificate[],
    at: Date,
  ): string | undefined {
    const { unknownCriticalExtensions: unknown } = basic;
    if (unknown.length > 0) return `has the unknown critical extension ${unknown.join(', ')}`;
    if (nonce !== undefined && basic.nonce === undefined) return 'does not repeat the nonce that was sent';
    if (nonce !== undefined && basic.nonce !== undefined && !sameOctets(nonce, basic.nonce))
      return 'repeats another nonce than was sent';
    const future = this.freshness.ofTheFuture(basic.producedAt, at);
    if (future !== undefined) return future;
    const { responderRevocation } = this.input;
    const responder = responderTrouble(basic, { path, at, responderRevocation });
    return responder === undefined ? undefined : `is not proven: ${responder}`;
  }

  #stateOf(single: SingleResponse, basic: BasicOcspResponse, at: Date): RevocationState {
    const { certStatus, thisUpdate, nextUpdate, unknownCriticalExtensions: unknown } = single;
    const undetermined = (why: string): RevocationState => ({
      status: 'undetermined',
      message: `${answerText(basic)} ${why}`,
    });
    if (unknown.length > 0) return undetermined(`has the unknown critical extension ${unknown.join(', ')}`);
    const future = this.freshness.ofTheFuture(thisUpdate, at);
    if (future !== undefined) return undetermined(future);
    const outdated =
      nextUpdate === undefined
        ? this.withoutNext.tooOld(thisUpdate, at)
        : (this.freshness.outdated(nextUpdate, at) ?? this.freshness.tooOld(thisUpdate, at));
    if (certStatus.status === 'revoked' && (outdated === undefined || certStatus.reason !== 'certificateHold')) {
      const { at: revokedAt, reason } = certStatus;
      return { status: 'revoked', message: `is revoked by ${answerText(basic)}`, at: revokedAt, reason };
    }
    if (outdated !== undefined) return undetermined(outdated);
    return certStatus.status === 'good'
      ? { status: 'good', message: `is good by ${answerText(basic)}` }
      : undetermined('does not know it');
  }
}

function isAbout(id: SingleResponse['certID'], [certificate, issuer]: readonly Certificate[]): boolean {
  return certificate !== undefined && issuer !== undefined && isIdOf(id, certificate, issuer);
}

function answerText({ producedAt }: BasicOcspResponse): string {
  return `the OCSP answer of ${producedAt.toISOString()}`;
}
