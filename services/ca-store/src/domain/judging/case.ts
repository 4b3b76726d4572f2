import type { RevocationMode, Usage } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';
import type { TrustView } from '../../ports/trust-state.js';

/** What to judge and by what. */
export interface Case {
  readonly certificate: Certificate;
  /** What came along; none of it is trusted for that. */
  readonly chain: readonly Certificate[];
  /** One version of what is trusted: the whole verdict stands on it. */
  readonly view: TrustView;
  readonly at: Date;
  /** What the certificate is to serve for; undefined: nothing is asked about that. */
  readonly usage: Usage | undefined;
  readonly revocation: RevocationMode;
  /** Keys and signatures that count as weak do not stand against it. */
  readonly weakKeys: boolean;
  /** Days after which a list or an OCSP answer no longer counts. */
  readonly maximumAgeDays: number;
}
