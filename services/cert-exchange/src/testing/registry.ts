import {
  CertlaneError,
  usualTrust,
  type Partner,
  type PartnerCertificate,
  type PartnerRef,
  type RequestOf,
  type registry,
} from '@certlane/contracts';
import { readCertificate, summaryOf } from '@certlane/pki';
import type { ActiveCertificate, Partners } from '../ports/partners.js';
import { byName, now } from './acceptance.js';

/**
 * As much of partner-registry as the operations need, in memory: it takes over once by exchange and only on the revision that was
 * decided on, and either takes over or declines.
 */
export class RegistryInMemory implements Partners {
  readonly #partners = new Map<string, Partner>();
  readonly applied = new Set<string>();
  readonly declined = new Set<string>();
  /** Who had certificates taken over. */
  readonly actors: (string | undefined)[] = [];
  /** Partners whose use of ours was switched. */
  readonly switched: string[] = [];
  own: readonly ActiveCertificate[] = [];

  /** Adds a partner, or changes it. */
  put({ station, partner }: PartnerRef, settings: Partial<Partner> = {}): void {
    const former = this.#partners.get(`${station} ${partner}`);
    const { bypassLimits, ...trust } = usualTrust;
    this.#partners.set(`${station} ${partner}`, {
      station,
      id: partner,
      connection: null,
      secureAuthentication: true,
      acx: true,
      tlsClientAuthentication: false,
      challenge: { cipher: 'aes-256', keyTransport: 'rsaes-oaep' },
      ...trust,
      bypassLimits,
      bypass: { open: true, since: now.toISOString() },
      hasOwnPassword: false,
      entries: [byName],
      certificates: [],
      usages: [],
      createdAt: now.toISOString(),
      ...former,
      ...settings,
      revision: String(Number(former?.revision ?? 0) + 1),
    });
  }

  remove({ station, partner }: PartnerRef): void {
    this.#partners.delete(`${station} ${partner}`);
  }

  get({ station, partner }: PartnerRef): Promise<Partner> {
    const found = this.#partners.get(`${station} ${partner}`);
    if (found === undefined) return Promise.reject(new CertlaneError('not-found', `no partner '${partner}'`));
    return Promise.resolve(found);
  }

  ownCertificates(): Promise<readonly ActiveCertificate[]> {
    return Promise.resolve(this.own);
  }

  sessionFacts(): Promise<never> {
    return Promise.reject(new CertlaneError('internal', 'no session is decided here'));
  }

  async takeOver(request: RequestOf<typeof registry.certificateTakeOver>, actor?: string): Promise<void> {
    this.actors.push(actor);
    const partner = await this.get(request);
    if (this.applied.has(request.exchange)) return;
    if (this.declined.has(request.exchange)) throw new CertlaneError('failed-precondition', 'refused already');
    if (partner.revision !== request.revision) throw new CertlaneError('conflict', 'the partner was changed');
    const filed: PartnerCertificate = {
      ...summaryOf(readCertificate(Buffer.from(request.certificate, 'base64'))),
      certificate: request.certificate,
      usages: [...request.usages],
      origin: { by: 'exchange', exchange: request.exchange, kind: request.kind },
      addedAt: now.toISOString(),
      state: 'current',
    };
    this.applied.add(request.exchange);
    this.put(request, { certificates: [...partner.certificates, filed] });
  }

  async decline(ref: PartnerRef, exchange: string): Promise<boolean> {
    await this.get(ref);
    if (this.applied.has(exchange)) return false;
    this.declined.add(exchange);
    return true;
  }

  switchOwn({ partner }: RequestOf<typeof registry.ownCertificateSwitch>): Promise<void> {
    this.switched.push(partner);
    return Promise.resolve();
  }
}
