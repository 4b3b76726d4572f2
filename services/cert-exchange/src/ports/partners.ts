import type { OwnCertificate, Partner, PartnerRef, Usage } from '@certlane/contracts';
import type { ParsedReplyOf, RequestOf, registry } from '@certlane/contracts';

/** A certificate of ours with what the station uses it for. */
export interface ActiveCertificate extends OwnCertificate {
  readonly activeFor: readonly Usage[];
}

/** What the session-trust decision stands on. */
export type SessionFacts = ParsedReplyOf<typeof registry.sessionFacts>;

/** What partner-registry knows and does for us. */
export interface Partners {
  /** @throws {CertlaneError} `not-found` */
  get(ref: PartnerRef): Promise<Partner>;
  /** Our certificates at a station. */
  ownCertificates(station: string): Promise<readonly ActiveCertificate[]>;
  /** What the session-trust decision stands on. */
  sessionFacts(ref: PartnerRef): Promise<SessionFacts>;
  /**
   * @param actor the person who has it taken over; undefined: nobody but the partner
   * @throws {CertlaneError} `conflict` when the partner changed since the decision
   */
  takeOver(request: RequestOf<typeof registry.certificateTakeOver>, actor: string | undefined): Promise<void>;
  /**
   * Settles that an exchange is refused.
   * @returns false when it was taken over already
   */
  decline(ref: PartnerRef, exchange: string): Promise<boolean>;
  /** Use a certificate of ours towards this partner from now on. */
  switchOwn(request: RequestOf<typeof registry.ownCertificateSwitch>): Promise<void>;
}

/** {@link Partners} */
export const PARTNERS = Symbol('cert-exchange:partners');
