import { ca } from '@certlane/contracts';
import { auditController } from '@certlane/runtime';
import type { ModuleMetadata } from '@nestjs/common';
import { FormerIssuers } from './adapters/former-issuers.js';
import { StoredContents } from './adapters/stored-contents.js';
import { StoredTrustState } from './adapters/trust-state/stored-trust-state.js';
import type { ListSettings } from './config.js';
import { IssuerHandlers } from './handlers/issuer-handlers.js';
import { TrustHealth } from './handlers/trust-health.js';
import { ValidationHandlers } from './handlers/validation-handlers.js';
import { Issuers } from './operations/issuers.js';
import { Validation } from './operations/validation.js';
import { CONTENTS } from './ports/contents.js';
import { TRUST_STATE } from './ports/trust-state.js';
import { refreshModule } from './refresh-module.js';

/** What ca-store is made of: its handlers, and the adapters behind its ports. */
export function caStoreModule(lists: ListSettings) {
  const refresh = refreshModule(lists);
  return {
    controllers: [IssuerHandlers, ValidationHandlers, ...refresh.controllers, auditController(ca)],
    providers: [
      { provide: CONTENTS, useClass: StoredContents },
      StoredTrustState,
      { provide: TRUST_STATE, useExisting: StoredTrustState },
      FormerIssuers,
      Issuers,
      Validation,
      TrustHealth,
      ...refresh.providers,
    ],
  } satisfies ModuleMetadata;
}
