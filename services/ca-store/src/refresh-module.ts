import type { ModuleMetadata } from '@nestjs/common';
import { BoundedFetch, systemAuthorities } from './adapters/bounded-fetch.js';
import { LanedFetch } from './adapters/bounded-fetch-lanes.js';
import { TrustListWorker } from './adapters/trust-list-worker.js';
import type { ListSettings } from './config.js';
import { RefreshHealth } from './handlers/refresh-health.js';
import { RefreshTask } from './handlers/refresh-task.js';
import { RevocationListHandlers } from './handlers/revocation-list-handlers.js';
import { TrustListHandlers } from './handlers/trust-list-handlers.js';
import { RecordedActs } from './operations/refresh-acts.js';
import { ReadAnswers } from './operations/refresh-answers.js';
import { ImportRevocationList } from './operations/refresh-import.js';
import { ReadRevocationLists } from './operations/refresh-lists.js';
import { RefreshLoop } from './operations/refresh-loop.js';
import { RevocationLists } from './operations/refresh-now.js';
import { RefreshReaders } from './operations/refresh-readers.js';
import { ReadTrustLists } from './operations/refresh-trust-lists.js';
import { RememberWanted } from './operations/refresh-wanted.js';
import { TakeEditions } from './operations/trust-lists-take.js';
import { TrustLists } from './operations/trust-lists.js';
import { FETCHER } from './ports/fetcher.js';
import { REFRESH_SETTINGS } from './ports/refresh-settings.js';
import { TRUST_LIST_EXAMINER } from './ports/trust-list-examiner.js';
import { VALIDATION_SETTINGS, WANTED, type ValidationSettings } from './ports/wanted.js';
import { RefreshMetrics } from './refresh-metrics.js';

/** The part of ca-store that reads what others publish: trust lists, revocation lists, OCSP answers. */
export function refreshModule({ refresh, fetchAllow, fetchAuthorities, fetchMs }: ListSettings) {
  const validation: ValidationSettings = { maximumAgeDays: refresh.listMaximumAgeDays };
  return {
    controllers: [TrustListHandlers, RevocationListHandlers],
    providers: [
      { provide: REFRESH_SETTINGS, useValue: refresh },
      { provide: VALIDATION_SETTINGS, useValue: validation },
      {
        provide: FETCHER,
        useFactory: () =>
          new LanedFetch(
            new BoundedFetch({
              allowedNetworks: fetchAllow,
              totalMs: fetchMs,
              ...(fetchAuthorities.length === 0
                ? {}
                : { tlsAuthorities: [...systemAuthorities(), ...fetchAuthorities] }),
            }),
          ),
      },
      { provide: TRUST_LIST_EXAMINER, useFactory: () => new TrustListWorker() },
      { provide: WANTED, useClass: RememberWanted },
      RefreshMetrics,
      TakeEditions,
      ReadTrustLists,
      TrustLists,
      ReadRevocationLists,
      ReadAnswers,
      ImportRevocationList,
      RefreshReaders,
      RevocationLists,
      RecordedActs,
      RefreshLoop,
      RefreshTask,
      RefreshHealth,
    ],
  } satisfies ModuleMetadata;
}
