import { ca } from '@certlane/contracts';
import {
  auditController,
  CLOCK,
  IDS,
  LargeDocuments,
  STORE,
  type Clock,
  type DocumentStore,
  type Ids,
} from '@certlane/runtime';
import type { ModuleMetadata } from '@nestjs/common';
import { FormerIssuers } from './adapters/former-issuers.js';
import { StoredUploads } from './adapters/stored-uploads.js';
import { StoredTrustState } from './adapters/trust-state/stored-trust-state.js';
import { SweepContents } from './adapters/trust-state/sweep-contents.js';
import type { ListSettings } from './config.js';
import { ContentHandlers } from './handlers/content-handlers.js';
import { IssuerHandlers } from './handlers/issuer-handlers.js';
import { TrustHealth } from './handlers/trust-health.js';
import { ValidationHandlers } from './handlers/validation-handlers.js';
import { Issuers } from './operations/issuers.js';
import { Validation } from './operations/validation.js';
import { CONTENTS } from './ports/contents.js';
import { TRUST_STATE } from './ports/trust-state.js';
import { UPLOADS } from './ports/uploads.js';
import { refreshModule } from './refresh-module.js';
import { TrustMetrics } from './trust-metrics.js';

/** What ca-store is made of: its handlers, and the adapters behind its ports. */
export function caStoreModule(lists: ListSettings) {
  const refresh = refreshModule(lists);
  return {
    controllers: [IssuerHandlers, ValidationHandlers, ContentHandlers, ...refresh.controllers, auditController(ca)],
    providers: [
      {
        provide: CONTENTS,
        inject: [STORE, CLOCK, IDS],
        useFactory: (store: DocumentStore, clock: Clock, ids: Ids) => new LargeDocuments({ store, clock, ids }),
      },
      StoredTrustState,
      { provide: TRUST_STATE, useExisting: StoredTrustState },
      { provide: UPLOADS, useClass: StoredUploads },
      SweepContents,
      FormerIssuers,
      Issuers,
      Validation,
      TrustMetrics,
      TrustHealth,
      ...refresh.providers,
    ],
  } satisfies ModuleMetadata;
}
