import type { ServiceName } from '@certlane/contracts';
import type { TappedMessage } from '../support/bus-tap.js';

/** A message as a step of an exchange. */
export interface Step {
  readonly by: string;
  /** `request dial.claim`, `write ledger`, `event exchange.received`, `job dial`, `job done`. */
  readonly what: string;
  /** Who is to answer, where it is a request. */
  readonly asks?: ServiceName;
}

const OWNERS: Readonly<Record<string, ServiceName>> = {
  gateway: 'session-gateway',
  registry: 'partner-registry',
  exchange: 'cert-exchange',
  ca: 'ca-store',
};

const PATTERNS: readonly (readonly [RegExp, (parts: RegExpExecArray) => Omit<Step, 'by'> | undefined])[] = [
  [/^certlane\.events\.v1\.([^.]+\.[^.]+)\./, ([, name = '']) => ({ what: `event ${name}` })],
  [/^certlane\.jobs\.v1\.([^.]+)\./, ([, name = '']) => ({ what: `job ${name}` })],
  [/^\$KV\.certlane_[^.]+\.([^.]+)\./, ([, collection = '']) => ({ what: `write ${collection}` })],
  [/^\$JS\.ACK\.certlane_jobs\./, () => ({ what: 'job done' })],
  [
    /^certlane\.([^.]+)\.v1\.(.+)$/,
    ([, service = '', name = '']) => {
      const asks = OWNERS[service];
      return asks === undefined ? undefined : { what: `request ${name}`, asks };
    },
  ],
];

/** The step a message is, or undefined for what moves nothing: reads, replies, the protocol of NATS itself. */
export function stepOf({ user, subject }: TappedMessage): Step | undefined {
  for (const [pattern, describe] of PATTERNS) {
    const parts = pattern.exec(subject);
    const step = parts === null ? undefined : describe(parts);
    if (step !== undefined) return { by: user, ...step };
  }
  return undefined;
}
