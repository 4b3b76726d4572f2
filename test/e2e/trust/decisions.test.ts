import { describe } from '@jest/globals';
import { approvals } from './stories/approvals.js';
import { auditedActs, wholeAudit } from './stories/audit.js';
import { bypassLimits } from './stories/bypass-limits.js';
import { dryRun } from './stories/dry-run.js';
import { trustListChanges } from './stories/list-changes.js';
import { oddCertificates } from './stories/odd-certificates.js';
import { policies } from './stories/policies.js';
import { revocationModes } from './stories/revocation-modes.js';
import { selfSignedCertificates } from './stories/self-signed.js';
import { twoCompanies } from './two-companies.js';

describe('decisions that a person can follow', () => {
  const two = twoCompanies();
  policies(two);
  approvals(two);
  dryRun(two);
  bypassLimits(two);
  selfSignedCertificates(two);
  oddCertificates(two);
  revocationModes(two);
  trustListChanges(two);
  wholeAudit(two);
  // Last: it breaks a trail.
  auditedActs(two);
});
