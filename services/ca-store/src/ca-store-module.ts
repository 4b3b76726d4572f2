import { ca } from '@certlane/contracts';
import { auditController } from '@certlane/runtime';
import type { ModuleMetadata } from '@nestjs/common';
import { FormerIssuers } from './adapters/former-issuers.js';
import { StoredContents } from './adapters/stored-contents.js';
import { StoredTrustState } from './adapters/trust-state/stored-trust-state.js';
import { usualRefresh } from './domain/refresh/settings.js';
import { IssuerHandlers } from './handlers/issuer-handlers.js';
import { TrustHealth } from './handlers/trust-health.js';
import { ValidationHandlers } from './handlers/validation-handlers.js';
import { Issuers } from './operations/issuers.js';
import { Validation } from './operations/validation.js';
import { CONTENTS } from './ports/contents.js';
import { TRUST_STATE } from './ports/trust-state.js';
import { VALIDATION_SETTINGS, WANTED } from './ports/wanted.js';

/** What ca-store is made of: its handlers, and the adapters behind its ports. */
export const caStoreModule = {
  controllers: [IssuerHandlers, ValidationHandlers, auditController(ca)],
  providers: [
    { provide: CONTENTS, useClass: StoredContents },
    StoredTrustState,
    { provide: TRUST_STATE, useExisting: StoredTrustState },
    FormerIssuers,
    Issuers,
    Validation,
    { provide: WANTED, useValue: { note: () => undefined } },
    { provide: VALIDATION_SETTINGS, useValue: { maximumAgeDays: usualRefresh.listMaximumAgeDays } },
    TrustHealth,
  ],
} satisfies ModuleMetadata;
