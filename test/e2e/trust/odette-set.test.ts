import { describe } from '@jest/globals';
import { wholeAudit } from './stories/audit.js';
import { firstExchange } from './stories/first-exchange.js';
import { certificatesForPurposes } from './stories/purposes.js';
import { refusedIssuers } from './stories/refused-issuers.js';
import { certificatesOfASubStation } from './stories/sub-station.js';
import { successorsOfTheFirst, successorsUnderAnotherSubject } from './stories/successors.js';
import { twoCompanies } from './two-companies.js';

// The interoperability certificates of Odette (OP09 4.6), each for what it was made for, over sessions of two running stations.
describe('the Odette set', () => {
  const two = twoCompanies();
  firstExchange(two);
  successorsOfTheFirst(two);
  successorsUnderAnotherSubject(two);
  certificatesForPurposes(two);
  // Not right after B has received something from A: it would wait with its call for a session of A that is still open.
  refusedIssuers(two);
  // Last: what is revoked is revoked for everybody.
  certificatesOfASubStation(two);
  wholeAudit(two);
});
