import type { AuditRequests, ParsedRequestOf, ReplyOf } from '@certlane/contracts';
import { Inject, type Type } from '@nestjs/common';
import { Serves } from '../nats/handlers.js';
import { unknownPage } from '../nats/pages.js';
import { AUDIT } from '../service/tokens.js';
import type { Link } from './chain.js';
import type { AuditTrail } from './trail.js';

type List = AuditRequests['auditList'];
type Verify = AuditRequests['auditVerify'];

/**
 * The controller by which a service shows its audit trail: `controllers: [auditController(ca), ...]`.
 * @param requests those of the service, made with `auditRequests`
 */
export function auditController({ auditList, auditVerify }: AuditRequests): Type {
  class AuditHandlers {
    constructor(@Inject(AUDIT) private readonly trail: AuditTrail) {}

    @Serves(auditList)
    async list({ after, ...query }: ParsedRequestOf<List>): Promise<ReplyOf<List>> {
      return this.trail.list({ ...query, ...(after === undefined ? {} : { after: placeOf(after) }) });
    }

    @Serves(auditVerify)
    async verify({ after, limit }: ParsedRequestOf<Verify>): Promise<ReplyOf<Verify>> {
      const from = after === undefined ? undefined : linkOf(after);
      const { broken, head, more, ...stretch } = await this.trail.verify({ after: from, limit });
      return {
        ...stretch,
        ok: broken === undefined,
        ...(broken === undefined ? {} : { broken }),
        ...(head.number === 0 ? {} : { head }),
        ...(more ? { next: `${head.number}.${head.hash}` } : {}),
      };
    }
  }
  return AuditHandlers;
}

function placeOf(after: string): number {
  if (!/^(?:0|[1-9]\d{0,14})$/.test(after)) throw unknownPage(after);
  return Number(after);
}

function linkOf(after: string): Link {
  const [, number, hash] = /^([1-9]\d{0,14})\.([0-9a-f]{64})$/.exec(after) ?? [];
  if (number === undefined || hash === undefined) throw unknownPage(after);
  return { number: Number(number), hash };
}
