import { gateway, type ParsedRequestOf, type ReplyOf, type Station } from '@certlane/contracts';
import {
  commonNameOf,
  createCertificationRequest,
  createKeyPair,
  createSelfSigned,
  parseDistinguishedName,
  type DistinguishedName,
} from '@certlane/pki';
import { CLOCK, Serves, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { readingField } from '../domain/pki-refusals.js';
import { Vault } from '../domain/vault.js';
import type { OwnKeys } from '../ports/own-keys.js';
import { OWN_KEYS } from '../tokens.js';

const DAY = 86_400_000;
/** Partners' clocks run behind ours now and then: a new certificate is good from a while ago. */
const BACKDATED = 3_600_000;
const HOST_NAME = /^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{1,63}$/i;

/** Makes key pairs: the private half is sealed before it leaves this process's memory. */
@Controller()
export class CertificateCreateHandler {
  constructor(
    @Inject(Vault) private readonly vault: Vault,
    @Inject(OWN_KEYS) private readonly ownKeys: OwnKeys,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Serves(gateway.certificateCreate)
  async create(
    input: ParsedRequestOf<typeof gateway.certificateCreate>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof gateway.certificateCreate>> {
    const { bits, days, kind } = input;
    const subject = readingField('subject', () => parseDistinguishedName(input.subject));
    const station = await this.ownKeys.station(input.station);
    const keys = await createKeyPair({ bits });
    const template = { subject, keys, host: hostOf(station, subject), odetteId: station.id };
    const now = this.clock.now().getTime();
    const validity = { notBefore: new Date(now - BACKDATED), notAfter: new Date(now + days * DAY) };
    // What cannot be issued is refused before anything is kept.
    const request =
      kind === 'request' ? readingField('subject', () => createCertificationRequest(template)) : undefined;
    const selfSigned =
      kind === 'self-signed'
        ? readingField('subject', () => createSelfSigned({ ...template, ...validity }))
        : undefined;
    const { keyId, sealedKey } = this.vault.sealKey(station.id, keys.spki, keys.pkcs8);
    await this.ownKeys.addKey(station.id, keyId, sealedKey, actor);
    if (selfSigned === undefined) return request === undefined ? {} : { request };
    const { der } = selfSigned;
    return { certificate: await this.ownKeys.addCertificate(station.id, { der, chain: [], keyId }, actor) };
  }
}

/** The name partners dial: the station's, else the common name where it is one. */
function hostOf(station: Station, subject: DistinguishedName): string | undefined {
  const commonName = commonNameOf(subject);
  return station.host ?? (commonName !== undefined && HOST_NAME.test(commonName) ? commonName : undefined);
}
