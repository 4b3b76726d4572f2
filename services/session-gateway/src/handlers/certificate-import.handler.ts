import { CertlaneError, gateway, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { Serves, type Call } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { readImport } from '../domain/import-material.js';
import { keyIdOf, Vault } from '../domain/vault.js';
import type { OwnKeys } from '../ports/own-keys.js';
import { OWN_KEYS } from '../tokens.js';

/** Takes certificates of ours with their keys, and certificates issued for keys made here. */
@Controller()
export class CertificateImportHandler {
  constructor(
    @Inject(Vault) private readonly vault: Vault,
    @Inject(OWN_KEYS) private readonly ownKeys: OwnKeys,
  ) {}

  @Serves(gateway.certificateImport)
  async import(
    input: ParsedRequestOf<typeof gateway.certificateImport>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof gateway.certificateImport>> {
    const station = (await this.ownKeys.station(input.station)).id;
    const secret = input.secret === undefined ? undefined : this.vault.openImport(station, input.secret);
    try {
      const { certificate, chain, privateKey } = readImport({
        secret,
        certificate: input.certificate === undefined ? undefined : Buffer.from(input.certificate, 'base64'),
        chain: input.chain.map((der) => Buffer.from(der, 'base64')),
      });
      const { spki } = certificate.publicKey;
      const keyId =
        privateKey === undefined
          ? await this.#knownKey(station, spki)
          : await this.#keep(station, { spki, pkcs8: privateKey }, actor);
      const own = { der: certificate.der, chain: chain.map(({ der }) => der), keyId };
      return { certificate: await this.ownKeys.addCertificate(station, own, actor) };
    } finally {
      secret?.fill(0);
    }
  }

  async #knownKey(station: string, spki: Uint8Array): Promise<string> {
    const keyId = keyIdOf(spki);
    if (await this.ownKeys.hasKey(station, keyId)) return keyId;
    const message = `certificate: no key made at station '${station}' belongs to it; give the private key as well, or a PKCS#12 file`;
    throw new CertlaneError('failed-precondition', message, { details: { field: 'certificate' } });
  }

  async #keep(
    station: string,
    { spki, pkcs8 }: { readonly spki: Uint8Array; readonly pkcs8: Uint8Array },
    actor: string | undefined,
  ): Promise<string> {
    const { keyId, sealedKey } = this.vault.sealKey(station, spki, pkcs8);
    await this.ownKeys.addKey(station, keyId, sealedKey, actor);
    return keyId;
  }
}
