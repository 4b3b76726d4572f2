import { CertlaneError } from '@certlane/contracts';
import { z } from 'zod';
import { commonShape, toRuntimeConfig } from './common.js';
import type { RuntimeConfig } from './runtime-config.js';

/** A configuration: the common part, and the service's own keys as its schema made them. */
export interface LoadedConfig<Shape extends z.ZodRawShape> {
  readonly runtime: RuntimeConfig;
  readonly own: z.output<z.ZodObject<Shape>>;
}

/** Our keys begin so; everything else in the environment is none of our business. */
const OURS = 'CERTLANE_';

/**
 * Reads a service's configuration: the common part and its own keys.
 *
 * `const { runtime, own } = loadConfig({ CERTLANE_KEY_FILE: secretFile() }, process.env)`
 *
 * A key that is set to nothing counts as not set; a `CERTLANE_` key that nobody knows is refused, since it is a misspelt one.
 * @param own zod types by name of the variable; texts come in, anything may come out
 * @throws {CertlaneError} `invalid-argument`, every wrong key on a line of its own; values are never shown
 */
export function loadConfig<Shape extends z.ZodRawShape>(
  own: Shape,
  env: Readonly<Record<string, string | undefined>>,
): LoadedConfig<Shape> {
  const given = Object.fromEntries(Object.entries(env).filter(([key, value]) => key.startsWith(OURS) && value));
  const common = z.object(commonShape).safeParse(given);
  const ours = z.object(own).safeParse(given);
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(commonShape, key) && !Object.hasOwn(own, key));
  const complaints = [
    ...linesOf(common.error),
    ...linesOf(ours.error),
    ...unknown.map((key) => `${key} is not known here`),
  ];
  if (common.success && ours.success && complaints.length === 0) {
    const runtime = toRuntimeConfig(common.data);
    if (!('key' in runtime)) return { runtime, own: ours.data };
    complaints.push(`${runtime.key} ${runtime.message}`);
  }
  throw new CertlaneError(
    'invalid-argument',
    `the configuration is wrong:\n${complaints.map((line) => `  ${line}`).join('\n')}`,
  );
}

function linesOf(error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${wording(issue)}`);
}

/** zod's own words for a key that is not there speak of types; ours speak of the environment. */
function wording(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.message.includes('received undefined') ? 'is missing' : issue.message;
}
