import { CertlaneError, registry, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { showEntries } from '../domain/audit-views.js';
import { entryLike, identify, makeEntry, unidentify } from '../domain/identification.js';
import { requirePartner } from '../domain/presence.js';
import { PartnerChanges } from '../operations/partner-changes.js';
import type { Issuers } from '../ports/issuers.js';
import type { Partners } from '../ports/partners.js';
import { ISSUERS, PARTNERS } from '../ports/tokens.js';

/** Requests about identification data. */
@Controller()
export class IdentificationHandlers {
  readonly #partners: Partners;
  readonly #changes: PartnerChanges;
  readonly #issuers: Issuers;
  readonly #clock: Clock;

  constructor(
    @Inject(PARTNERS) partners: Partners,
    @Inject(PartnerChanges) changes: PartnerChanges,
    @Inject(ISSUERS) issuers: Issuers,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#partners = partners;
    this.#changes = changes;
    this.#issuers = issuers;
    this.#clock = clock;
  }

  @Serves(registry.partnerIdentify)
  async identify(
    input: ParsedRequestOf<typeof registry.partnerIdentify>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerIdentify>> {
    const issuer = { fingerprint: input.issuer, subject: '' };
    makeEntry({ ...input, issuer }, this.#clock.now());
    requirePartner(await this.#partners.get(input), input);
    const found = await this.#issuers.get(input.issuer);
    if (found === undefined) throw unknownIssuer(input.issuer);
    const asked = { ...input, issuer: { ...issuer, subject: found.issuer.subject }, enteredBy: actor };
    const entry = makeEntry(asked, this.#clock.now());
    const act = { act: 'partner.identify', actor, show: showEntries };
    const { after } = await this.#changes.make(input, act, (current) =>
      identify(requirePartner(current, input).record, entry),
    );
    return { entry: entryLike(after.record, entry) };
  }

  @Serves(registry.partnerUnidentify)
  async unidentify(
    input: ParsedRequestOf<typeof registry.partnerUnidentify>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof registry.partnerUnidentify>> {
    const act = { act: 'partner.unidentify', actor, show: showEntries };
    await this.#changes.make(input, act, (current) => unidentify(requirePartner(current, input).record, input.entry));
    return {};
  }
}

function unknownIssuer(fingerprint: string): CertlaneError {
  return new CertlaneError(
    'failed-precondition',
    `issuer: no issuer ${fingerprint} is installed; install it first (certlane issuer add FILE.pem)`,
    { details: { field: 'issuer' } },
  );
}
