import { CertlaneError, registryEvents } from '@certlane/contracts';
import { bypassOpen, isIdentified } from './bypass.js';
import { fact, type Change } from './change.js';
import { outOfLines } from './filing.js';
import type { FiledCertificate, PartnerRecord } from './records.js';

const USAGE = 'session-authentication';

/** Who goes back to identification data alone, and why. */
export interface Reopening {
  readonly by?: string | undefined;
  readonly reason: string;
}

/**
 * Goes back to identification data alone: no certificate serves session authentication any more, and what limits the bypass
 * counts from now. Certificates that then serve nothing leave the file; one that its owner has recalled stays without a usage,
 * because a recall must not be forgotten: the certificate could come back through the very bypass.
 * @throws {CertlaneError} `failed-precondition` where no bypass would come of it, or where there is nothing to reopen
 */
export function reopenBypass(partner: PartnerRecord, { by, reason }: Reopening, now: Date): Change<PartnerRecord> {
  requireReason(partner, now);
  const concerned = partner.certificates.filter(({ usages }) => usages.includes(USAGE));
  const certificates = partner.certificates.map(withoutUsage).filter(({ usages, replaced }) => {
    return usages.length > 0 || replaced !== undefined;
  });
  const gone = partner.certificates.filter(
    ({ fingerprint }) => !certificates.some((one) => one.fingerprint === fingerprint),
  );
  const { [USAGE]: _line, ...lines } = outOfLines(
    partner,
    gone.map(({ fingerprint }) => fingerprint),
  );
  return {
    record: { ...partner, certificates, lines, bypassReopenedAt: now.toISOString() },
    facts: [
      fact(registryEvents.bypassReopened, {
        station: partner.station,
        partner: partner.id,
        ...(by === undefined ? {} : { by }),
        reason,
        certificates: concerned.map(({ fingerprint }) => fingerprint),
      }),
    ],
  };
}

function withoutUsage(certificate: FiledCertificate): FiledCertificate {
  if (!certificate.usages.includes(USAGE)) return certificate;
  return { ...certificate, usages: certificate.usages.filter((usage) => usage !== USAGE) };
}

/** The number of attempts is counted elsewhere, so a bypass that they limit can always be reopened: they may be used up. */
function requireReason(partner: PartnerRecord, now: Date): void {
  const { station, id } = partner;
  const name = `partner ${id} of station ${station}`;
  if (partner.via !== undefined) {
    throw refused(`${name} is a sub-station and opens no session: the bypass is that of ${partner.via}`);
  }
  if (!partner.acx || !partner.secureAuthentication) {
    const missing = partner.acx ? 'secure authentication' : 'automatic certificate exchange';
    throw refused(
      `${name} has ${missing} switched off, so there is no bypass; switch it on first (certlane partner set)`,
    );
  }
  if (!isIdentified(partner)) {
    throw refused(
      `${name} is not identified for session authentication, so the bypass would let nobody through; enter identification data first (certlane partner identify)`,
    );
  }
  if (bypassOpen(partner, now) && partner.bypassLimits.attempts === null) {
    throw refused(`the bypass of ${name} is open and its time is not over: there is nothing to reopen`);
  }
}

function refused(message: string): CertlaneError {
  return new CertlaneError('failed-precondition', message);
}
