import { caEvents, CertlaneError, type IssuerPurpose } from '@certlane/contracts';
import { type Certificate, summaryOf } from '@certlane/pki';
import { MESSAGES, type Messages } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { isSelfSigned } from '../domain/authority-view.js';
import { REQUEST_OCTETS } from '../domain/limits.js';
import { TRUST_STATE, type InstalledIssuer, type TrustState, type TrustView } from '../ports/trust-state.js';

/** What is asked for. */
export interface Installation {
  readonly certificates: readonly Certificate[];
  readonly purpose: IssuerPurpose;
  readonly at: Date;
  readonly by?: string | undefined;
}

/** What came of it: for each certificate, in their order, whether it was installed or got another purpose now. */
export interface Installed {
  readonly view: TrustView;
  readonly added: readonly boolean[];
  /** Those that had another purpose. */
  readonly before: readonly InstalledIssuer[];
}

/** Installs issuers and takes them out, each time together with the events that tell of it. */
@Injectable()
export class Issuers {
  readonly #state: TrustState;
  readonly #messages: Messages;

  constructor(@Inject(TRUST_STATE) state: TrustState, @Inject(MESSAGES) messages: Messages) {
    this.#state = state;
    this.#messages = messages;
  }

  /**
   * Installs those that are not yet, or not for this purpose, all or none.
   * @throws {CertlaneError} `invalid-argument` when they are too large for one request; `failed-precondition` when there would be more
   *   than may be
   */
  async add({ certificates, purpose, at, by }: Installation): Promise<readonly boolean[]> {
    requireOneRequest(certificates);
    const who = by === undefined ? {} : { by };
    return this.#state.change(({ issuers }) => {
      const isNew = ({ fingerprint }: Certificate) => issuers.get(fingerprint)?.purpose !== purpose;
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
        messages: added.map((one) =>
          this.#messages.event(caEvents.issuerAdded, { issuer: summaryOf(one), purpose, ...who }),
        ),
        result: certificates.map(isNew),
      };
    });
  }

  /**
   * Takes one out: nothing rests on it from then on, unless a trust list names it.
   * @returns what was taken out; undefined when it was not installed
   */
  async remove(fingerprint: string, by?: string): Promise<InstalledIssuer | undefined> {
    return this.#state.change(({ issuers }) => {
      const issuer = issuers.get(fingerprint);
      if (issuer === undefined) return { result: undefined };
      const data = { issuer: summaryOf(issuer.certificate), ...(by === undefined ? {} : { by }) };
      return {
        issuers: { remove: [fingerprint] },
        messages: [this.#messages.event(caEvents.issuerRemoved, data)],
        result: issuer,
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
