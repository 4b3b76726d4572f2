import { gateway } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { pki } from '../pki.js';

/**
 * Closes a secret for the gateway before it goes on the bus; nobody else can open it, this process included.
 * @param context what it is and whose, e.g. `partner-password:<station>:<partner>`; the gateway opens it under the same only
 */
export async function sealSecret(bus: Bus, secret: string, context: string): Promise<string> {
  const { sealFor } = await pki();
  const { publicKey } = await bus.request(gateway.sealingKey, {});
  return sealFor(publicKey, Buffer.from(secret, 'utf8'), context);
}
