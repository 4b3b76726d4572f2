import { CertlaneError, registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { showCertificates } from '../domain/audit-views.js';
import { receiveCertificate } from '../domain/certificate-facts.js';
import { unchanged } from '../domain/change.js';
import { addByHand, bypassReopened, removeByHand } from '../domain/hand-filing.js';
import { requireKeyTransport, requireKeyUsage } from '../domain/key-fitness.js';
import { requirePartner, requireStation } from '../domain/presence.js';
import { decline, isTakenOver, takeOver } from '../domain/take-over.js';
import { partnerView } from '../domain/views.js';
import { FirstStanding } from '../operations/first-standing.js';
import { PartnerChanges } from '../operations/partner-changes.js';
import type { Partners } from '../ports/partners.js';
import type { Stations } from '../ports/stations.js';
import { PARTNERS, STATIONS } from '../ports/tokens.js';

/** Requests that change which certificates of a partner are on file. */
@Controller()
export class PartnerCertificateHandlers {
  readonly #stations: Stations;
  readonly #partners: Partners;
  readonly #changes: PartnerChanges;
  readonly #standing: FirstStanding;
  readonly #clock: Clock;

  constructor(
    @Inject(STATIONS) stations: Stations,
    @Inject(PARTNERS) partners: Partners,
    @Inject(PartnerChanges) changes: PartnerChanges,
    @Inject(FirstStanding) standing: FirstStanding,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#stations = stations;
    this.#partners = partners;
    this.#changes = changes;
    this.#standing = standing;
    this.#clock = clock;
  }

  @Serves(registry.partnerCertificateAdd)
  async add(
    input: ParsedRequestOf<typeof registry.partnerCertificateAdd>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerCertificateAdd>> {
    const now = this.#clock.now();
    const received = receiveCertificate('certificate', input.certificate);
    requireKeyTransport(received.parsed, input.usages);
    requireKeyUsage(received.parsed, input.usages);
    const station = requireStation(await this.#stations.get(input.station), input.station);
    const about = { certificate: received.summary.fingerprint };
    const act = { act: 'partner-certificate.add', actor, about, show: showCertificates };
    const { after } = await this.#changes.make(input, act, (current) =>
      addByHand(requirePartner(current, input).record, received, input.usages, now),
    );
    const { record, revision } = await this.#standing.find(input, received.summary.fingerprint, after);
    return { partner: partnerView(record, station, revision, now) };
  }

  @Serves(registry.partnerCertificateRemove)
  async remove(
    input: ParsedRequestOf<typeof registry.partnerCertificateRemove>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerCertificateRemove>> {
    const now = this.#clock.now();
    const about = { certificate: input.fingerprint };
    const act = { act: 'partner-certificate.remove', actor, about, show: showCertificates };
    const { before, after } = await this.#changes.makeForGood(input, act, (current) =>
      removeByHand(requirePartner(current, input).record, input.fingerprint, now),
    );
    return { bypassReopened: before !== undefined && bypassReopened(before, after.record, now) };
  }

  @Serves(registry.certificateTakeOver)
  async takeOver(
    input: ParsedRequestOf<typeof registry.certificateTakeOver>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.certificateTakeOver>> {
    const now = this.#clock.now();
    const asked = { ...input, certificate: receiveCertificate('certificate', input.certificate) };
    const about = { exchange: input.exchange, certificate: asked.certificate.summary.fingerprint };
    const act = {
      act: input.kind === 'replace' ? 'certificate.replace' : 'certificate.take-over',
      // Nobody but the partner's file, unless a person has approved it.
      actor: actor ?? `partner:${input.partner}`,
      about,
      show: showCertificates,
    };
    const { changed } = await this.#changes.makeForGood(input, act, (current) => {
      const { record, revision } = requirePartner(current, input);
      if (isTakenOver(record, asked)) return unchanged(record);
      if (revision !== input.revision) throw overtaken(input.station, input.partner);
      return takeOver(record, asked, now);
    });
    if (changed) this.#standing.later(input);
    return { changed };
  }

  @Serves(registry.certificateDecline)
  async decline(
    input: ParsedRequestOf<typeof registry.certificateDecline>,
  ): Promise<ReplyOf<typeof registry.certificateDecline>> {
    const { after } = await this.#partners.change(input, (current) =>
      decline(requirePartner(current, input).record, input.exchange),
    );
    return { takenOver: after.record.applied.includes(input.exchange) };
  }
}

function overtaken(station: string, partner: string): CertlaneError {
  return new CertlaneError(
    'conflict',
    `revision: partner ${partner} of station ${station} was changed after the decision; read it again and decide anew`,
    { details: { field: 'revision' } },
  );
}
