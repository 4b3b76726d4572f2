import { registry } from '@certlane/contracts';
import { auditController } from '@certlane/runtime';
import type { ModuleMetadata } from '@nestjs/common';
import { CaStoreIssuers } from './adapters/ca-store-issuers.js';
import { CaStoreValidator } from './adapters/ca-store-validator.js';
import { StoredOwnCertificates, StoredSealedKeys } from './adapters/stored-own-certificates.js';
import { StoredPartners } from './adapters/stored-partners.js';
import { StoredReviews } from './adapters/stored-reviews.js';
import { StoredStations } from './adapters/stored-stations.js';
import { BypassHandlers } from './handlers/bypass-handlers.js';
import { DependentHandlers } from './handlers/dependent-handlers.js';
import { IdentificationHandlers } from './handlers/identification-handlers.js';
import { OwnCertificateHandlers } from './handlers/own-certificate-handlers.js';
import { PartnerCertificateHandlers } from './handlers/partner-certificate-handlers.js';
import { PartnerHandlers } from './handlers/partner-handlers.js';
import { SessionHandlers } from './handlers/session-handlers.js';
import { StationHandlers } from './handlers/station-handlers.js';
import { ReviewHandlers } from './handlers/review-handlers.js';
import { UsableCertificates } from './handlers/usable-certificates.js';
import { Dependents } from './operations/dependents.js';
import { FirstStanding } from './operations/first-standing.js';
import { PartnerChanges } from './operations/partner-changes.js';
import { ReviewRequests } from './operations/review-requests.js';
import { StandingReview } from './operations/standing-review.js';
import { StandingReviewTask } from './operations/standing-review-task.js';
import { Standings } from './operations/standings.js';
import { SubStations } from './operations/sub-stations.js';
import { ISSUERS, OWN_CERTIFICATES, PARTNERS, REVIEWS, SEALED_KEYS, STATIONS, VALIDATOR } from './ports/tokens.js';

/** What partner-registry is made of: its handlers, and the adapter behind each port. */
export const registryModule = {
  controllers: [
    StationHandlers,
    OwnCertificateHandlers,
    PartnerHandlers,
    IdentificationHandlers,
    PartnerCertificateHandlers,
    BypassHandlers,
    DependentHandlers,
    SessionHandlers,
    ReviewHandlers,
    auditController(registry),
  ],
  providers: [
    { provide: STATIONS, useClass: StoredStations },
    { provide: PARTNERS, useClass: StoredPartners },
    { provide: OWN_CERTIFICATES, useClass: StoredOwnCertificates },
    { provide: SEALED_KEYS, useClass: StoredSealedKeys },
    { provide: ISSUERS, useClass: CaStoreIssuers },
    { provide: VALIDATOR, useClass: CaStoreValidator },
    { provide: REVIEWS, useClass: StoredReviews },
    PartnerChanges,
    Dependents,
    SubStations,
    ReviewRequests,
    Standings,
    FirstStanding,
    StandingReview,
    StandingReviewTask,
    UsableCertificates,
  ],
} satisfies ModuleMetadata;
