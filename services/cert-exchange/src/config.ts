import { loadConfig, type RuntimeConfig } from '@certlane/runtime';

/** The service has no settings of its own: what it decides by is in the registry and the ca-store. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): RuntimeConfig {
  return loadConfig({}, env).runtime;
}
