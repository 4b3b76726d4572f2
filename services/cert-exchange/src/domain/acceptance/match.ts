import type { IdentificationEntry, Usage } from '@certlane/contracts';
import type { CertificateOnFile } from './facts.js';

/** How a received certificate is already known, and what it follows. */
export interface Match {
  readonly by: 'same' | 'clid' | 'logical-identity' | 'entry' | 'trust-list' | 'approval';
  /** Identification entries that fit, each as exactly as the others; more than one: a person has to say which counts. */
  readonly entries: readonly IdentificationEntry[];
  readonly usages: readonly Usage[];
  /** Certificates on file that it renews (the current ones), or, with `replace`, recalls (all that are in use). */
  readonly predecessors: readonly CertificateOnFile[];
  readonly message: string;
}
