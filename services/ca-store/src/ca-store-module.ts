import { ca } from '@certlane/contracts';
import { auditController } from '@certlane/runtime';
import type { ModuleMetadata } from '@nestjs/common';
import { StoredIssuers } from './adapters/stored-issuers.js';
import { IssuerHandlers } from './handlers/issuer-handlers.js';
import { IssuerHealth } from './handlers/issuer-health.js';
import { ValidationHandlers } from './handlers/validation-handlers.js';
import { ISSUERS } from './ports/issuers.js';

/** What ca-store is made of: its handlers, and the adapter behind its port. */
export const caStoreModule = {
  controllers: [IssuerHandlers, ValidationHandlers, auditController(ca)],
  providers: [{ provide: ISSUERS, useClass: StoredIssuers }, IssuerHealth],
} satisfies ModuleMetadata;
