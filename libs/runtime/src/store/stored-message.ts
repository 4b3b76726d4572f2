import { z } from 'zod';
import type { OutboxMessage } from './messages.js';

const schema = z.object({
  id: z.string(),
  kind: z.enum(['event', 'job']),
  subject: z.string(),
  payload: z.unknown(),
  headers: z.record(z.string(), z.string()).optional(),
});

/**
 * A message as it was read from a record.
 * @throws {z.ZodError}
 */
export function parseMessage(stored: unknown): OutboxMessage {
  const { headers, ...rest } = schema.parse(stored);
  return headers === undefined ? rest : { ...rest, headers };
}
