import { gateway, type ReplyOf } from '@certlane/contracts';
import { Serves } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { Vault } from '../domain/vault.js';

/** Tells where secrets are sealed to. */
@Controller()
export class SealingKeyHandler {
  constructor(@Inject(Vault) private readonly vault: Vault) {}

  @Serves(gateway.sealingKey)
  get(): ReplyOf<typeof gateway.sealingKey> {
    return this.vault.publicKey;
  }
}
