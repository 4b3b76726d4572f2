import { loadConfig, type RuntimeConfig } from '@certlane/runtime';

/**
 * The configuration of ca-store: what every service has, nothing of its own.
 * @throws {CertlaneError} `invalid-argument` naming each wrong key
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): RuntimeConfig {
  return loadConfig({}, env).runtime;
}
