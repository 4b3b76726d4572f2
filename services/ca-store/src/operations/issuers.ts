import { caEvents, CertlaneError, type IssuerPurpose } from '@certlane/contracts';
import { type Certificate, summaryOf } from '@certlane/pki';
import { AUDIT, MESSAGES, type AuditTrail, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { isSelfSigned } from '../domain/authority-view.js';
import { REQUEST_OCTETS } from '../domain/limits.js';
import { TRUST_STATE, type TrustState } from '../ports/trust-state.js';

/** What is asked for. */
export interface Installation {
  readonly certificates: readonly Certificate[];
  readonly purpose: IssuerPurpose;
  readonly at: Date;
  readonly by?: string | undefined;
}

/** What an issuer was installed for before a change; undefined: it was not. */
export type FormerPurpose = IssuerPurpose | undefined;

/** Installs issuers and takes them out, each time together with the events that tell of it, and with an entry in the audit trail. */
@Injectable()
export class Issuers {
  readonly #state: TrustState;
  readonly #messages: Messages;
  readonly #audit: AuditTrail;

  constructor(
    @Inject(TRUST_STATE) state: TrustState,
    @Inject(MESSAGES) messages: Messages,
    @Inject(AUDIT) audit: AuditTrail,
  ) {
    this.#state = state;
    this.#messages = messages;
    this.#audit = audit;
  }

  /**
   * Installs those that are not yet, or not for this purpose, all or none.
   * @returns what each certificate was installed for before, in their order; undefined where it was not installed
   * @throws {CertlaneError} `invalid-argument` when they are too large for one request; `failed-precondition` when there would be more
   *   than may be
   */
  async add(wanted: Installation): Promise<readonly FormerPurpose[]> {
    const { certificates, purpose, by } = wanted;
    requireOneRequest(certificates);
    const [only, ...more] = certificates;
    const { issuers } = await this.#state.current();
    const shown = (formerOf: (fingerprint: string, index: number) => FormerPurpose) =>
      certificates.map(({ fingerprint }, index) => {
        const former = formerOf(fingerprint, index);
        return former === undefined ? { fingerprint } : { fingerprint, purpose: former };
      });
    const draft = {
      act: 'issuer.add',
      actor: by,
      about: only === undefined || more.length > 0 ? {} : { issuer: only.fingerprint },
      before: { issuers: shown((fingerprint) => issuers.get(fingerprint)?.purpose) },
      serialNumbers: certificates.map(({ serialNumber }) => serialNumber),
    };
    const told = (former: readonly FormerPurpose[]) => ({
      after: {
        purpose,
        issuers: certificates.map(({ fingerprint }, index) => ({
          fingerprint,
          changed: former[index] !== purpose,
          ...(former[index] === undefined ? {} : { formerPurpose: former[index] }),
        })),
      },
    });
    return this.#audit.around(draft, () => this.#install(wanted), told);
  }

  /**
   * Takes one out: no path ends at it from then on, unless a trust list names it.
   * @returns false when it was not installed
   */
  async remove(fingerprint: string, by?: string): Promise<boolean> {
    const issuer = (await this.#state.current()).issuers.get(fingerprint);
    if (issuer === undefined) return false;
    const { certificate, purpose, at } = issuer;
    const draft = {
      act: 'issuer.remove',
      actor: by,
      about: { issuer: fingerprint },
      before: { ...summaryOf(certificate), purpose, at, by: issuer.by },
      serialNumbers: [certificate.serialNumber],
    };
    return this.#audit.around(draft, () => this.#takeOut(fingerprint, by));
  }

  #install({ certificates, purpose, at, by }: Installation): Promise<readonly FormerPurpose[]> {
    const who = by === undefined ? {} : { by };
    return this.#state.change(({ issuers }) => {
      const formerOf = ({ fingerprint }: Certificate): FormerPurpose => issuers.get(fingerprint)?.purpose;
      const isNew = (one: Certificate) => formerOf(one) !== purpose;
      const added = [...new Map(certificates.filter(isNew).map((one) => [one.fingerprint, one])).values()];
      return {
        issuers: {
          put: added.map((certificate) => ({
            certificate,
            selfSigned: isSelfSigned(certificate),
            purpose,
            at: at.toISOString(),
            ...who,
          })),
        },
        messages: added.map((one) => {
          const former = formerOf(one);
          const before = former === undefined ? {} : { formerPurpose: former };
          return this.#messages.event(caEvents.issuerAdded, { issuer: summaryOf(one), purpose, ...before, ...who });
        }),
        result: certificates.map(formerOf),
      };
    });
  }

  #takeOut(fingerprint: string, by: string | undefined): Promise<boolean> {
    return this.#state.change(({ issuers }) => {
      const issuer = issuers.get(fingerprint);
      if (issuer === undefined) return { result: false };
      const data = { issuer: summaryOf(issuer.certificate), ...(by === undefined ? {} : { by }) };
      return {
        issuers: { remove: [fingerprint] },
        messages: [this.#messages.event(caEvents.issuerRemoved, data)],
        result: true,
      };
    });
  }
}

/** What was added is told in one reply and in events of one document. */
function requireOneRequest(certificates: readonly Certificate[]): void {
  const octets = certificates.reduce(
    (sum, one) => sum + Math.ceil(one.der.length / 3) * 4 + Buffer.byteLength(JSON.stringify(summaryOf(one))),
    0,
  );
  if (certificates.length === 1 || octets <= REQUEST_OCTETS) return;
  throw new CertlaneError(
    'invalid-argument',
    `certificates: these ${certificates.length} take ${octets} octets; at most ${REQUEST_OCTETS} are installed at once: send them in several requests`,
    { details: { field: 'certificates' } },
  );
}
