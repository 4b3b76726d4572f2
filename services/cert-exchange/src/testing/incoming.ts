import type { ExchangeKind, exchangeRequests, ParsedRequestOf, PartnerRef } from '@certlane/contracts';
import type { Certificate } from '@certlane/pki';

let stamp = 1_000_000_000;

/** How a file differs from one that the partner itself delivers in a full session. */
export interface Variation {
  /** SFIDORIG. */
  readonly originator?: string;
  readonly kind?: ExchangeKind;
  readonly mode?: 'exchange-only';
}

/** A certificate file as a session hands it in; each has an identity of its own. */
export function incoming(
  { station, partner }: PartnerRef,
  certificate: Certificate,
  { originator = partner, kind = 'deliver', mode }: Variation = {},
): ParsedRequestOf<typeof exchangeRequests.certificateReceive> {
  stamp += 1;
  return {
    session: 's1',
    station,
    partner,
    mode: mode ?? 'full',
    file: {
      datasetName: `ODETTE_CERTIFICATE_${kind.toUpperCase()}`,
      date: '20260301',
      time: String(stamp),
      originator,
      destination: station,
    },
    description: '',
    octets: Buffer.from(certificate.der).toString('base64'),
  };
}
