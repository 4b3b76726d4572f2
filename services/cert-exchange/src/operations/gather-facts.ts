import { certificateSummary, type ExchangeKind, type Partner, type PartnerRef } from '@certlane/contracts';
import { isPkiError, readCertificate, readOneCertificate, summaryOf, type Certificate } from '@certlane/pki';
import type { Clock } from '@certlane/runtime';
import type { AcceptanceFacts, GivenApproval, ReadFile } from '../domain/acceptance/facts.js';
import type { Partners } from '../ports/partners.js';
import type { Validator } from '../ports/validator.js';
import { findPartner } from './find-partner.js';

/** A certificate file that a decision is wanted for. */
export interface FileInQuestion {
  readonly kind: ExchangeKind;
  readonly description: string;
  /** Base64. */
  readonly octets: string;
  readonly inBypass: boolean;
  /** SFIDORIG: the partner itself, or one of its sub-stations. */
  readonly originator: string;
  /** Two persons were asked for when it began to wait for one. */
  readonly twoPerson?: boolean;
}

/** What a decision stands on. */
export interface Gathered {
  readonly facts: AcceptanceFacts;
  /** Whose certificate it is: what it brings is filed there. */
  readonly owner: Partner;
  /** Whose session it came in; the owner, unless that is a sub-station. */
  readonly session: Partner;
}

/** Gathers what the acceptance decision looks at; the same for a file that came in and for a dry run. */
export class GatherFacts {
  readonly #partners: Partners;
  readonly #validator: Validator;
  readonly #clock: Clock;

  constructor(options: { readonly partners: Partners; readonly validator: Validator; readonly clock: Clock }) {
    this.#partners = options.partners;
    this.#validator = options.validator;
    this.#clock = options.clock;
  }

  /**
   * @param ref the partner whose session it is
   * @throws {CertlaneError} `not-found` for a partner that is not there, `unavailable` when the facts cannot be had now
   */
  async run(ref: PartnerRef, file: FileInQuestion, approval?: GivenApproval): Promise<Gathered> {
    const session = await this.#partners.get(ref);
    const found = file.originator === ref.partner ? session : await this.subStation(ref, file.originator);
    const owner = found ?? session;
    const read = readFile(file.octets);
    const { acceptance, selfSigned, revocation, weakKeys } = owner;
    const twoPerson = owner.twoPerson || file.twoPerson === true;
    const facts: AcceptanceFacts = {
      acx: owner.acx,
      rules: { acceptance, selfSigned, revocation, twoPerson, weakKeys },
      originator: file.originator,
      subStation: found !== session,
      foreign: found === undefined,
      kind: file.kind,
      description: file.description,
      inBypass: file.inBypass,
      proven: !file.inBypass && session.secureAuthentication,
      file: read,
      entries: found?.entries ?? [],
      onFile: (found?.certificates ?? []).map(({ certificate, usages, state }) => ({
        certificate: readCertificate(Buffer.from(certificate, 'base64')),
        usages,
        state,
      })),
      verdict: read.ok ? await this.#validate(read.certificate, owner, approval) : undefined,
      approval,
      now: this.#clock.now(),
    };
    return { facts, owner, session };
  }

  /** The sub-station of a partner; undefined where that is none of its sub-stations. */
  async subStation({ station, partner }: PartnerRef, id: string): Promise<Partner | undefined> {
    const found = await findPartner(this.#partners, { station, partner: id });
    return found?.via === partner ? found : undefined;
  }

  /**
   * A person may pass over what nobody can tell about revocation. Then it is asked in the mode in which that does not stand against a
   * certificate: everything else still does, and none of it hides behind the first reason.
   *
   * One that is valid only later is judged at its first moment: today no path to it holds. What counts of revocation lists then may be
   * less than today, never more, so a partner with mode `fail` gets it as soon as the lists reach that far, or by a person.
   */
  #validate(certificate: Certificate, { revocation, weakKeys }: Partner, approval: GivenApproval | undefined) {
    const passedOver = approval?.covers.includes('revocation-undetermined') === true && revocation === 'fail';
    return this.#validator.validate(Buffer.from(certificate.der).toString('base64'), {
      revocation: passedOver ? 'warn' : revocation,
      weakKeys,
      ...(certificate.notBefore > this.#clock.now() ? { at: certificate.notBefore } : {}),
    });
  }
}

function readFile(octets: string): ReadFile {
  try {
    const certificate = readOneCertificate(Buffer.from(octets, 'base64'));
    const message = unshowable(certificate);
    return message === undefined ? { ok: true, certificate } : { ok: false, message };
  } catch (thrown) {
    if (isPkiError(thrown)) return { ok: false, message: thrown.message };
    throw thrown;
  }
}

/** Octets of what is shown of a certificate, as JSON: ten times what is usual. It stands in documents and events several times. */
const MOST_SHOWN_OCTETS = 8_192;

/** What no document and no event holds could be neither decided nor answered: it is refused as a file that is none. */
function unshowable(certificate: Certificate): string | undefined {
  const fitting = certificateSummary.safeParse(summaryOf(certificate));
  if (!fitting.success) {
    return `the certificate cannot be shown: its ${String(fitting.error.issues[0]?.path[0])} is empty or too long`;
  }
  const octets = Buffer.byteLength(JSON.stringify(fitting.data));
  if (octets <= MOST_SHOWN_OCTETS) return undefined;
  return `the certificate cannot be shown: its names and purposes take ${octets} octets, ${MOST_SHOWN_OCTETS} are possible`;
}
