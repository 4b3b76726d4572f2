import { CertlaneError } from '@certlane/contracts';
import { z } from 'zod';
import type { RecordBody } from './record-table.js';
import { parseMessage } from './stored-message.js';

/** Header of a record whose messages may not have been published, or that is only left because of them; its value counts them. */
export const PENDING = 'Certlane-Pending';

/** Short names: every record carries them. */
const encoded = z.object({
  v: z.int(),
  d: z.unknown(),
  r: z.string().optional(),
  x: z.literal(true).optional(),
  o: z.array(z.unknown()).default([]),
});

/** Whether a record holds messages, or stands only because of some. */
export function isPending(body: RecordBody): boolean {
  return body.outbox.length > 0 || body.removed === true;
}

const text = new TextDecoder();
const octets = new TextEncoder();

/** A record as octets. */
export function encodeBody({ version, data, revision, removed, outbox }: RecordBody): Uint8Array {
  const body = {
    v: version,
    d: data,
    ...(revision === undefined ? {} : { r: revision }),
    ...(removed === true ? { x: true } : {}),
    ...(outbox.length === 0 ? {} : { o: outbox }),
  };
  return octets.encode(JSON.stringify(body));
}

/** @throws {CertlaneError} `internal` when the octets are no record of ours: somebody else wrote into the bucket */
export function decodeBody(key: string, data: Uint8Array): RecordBody {
  try {
    const { v, d, r, x, o } = encoded.parse(JSON.parse(text.decode(data)));
    return {
      version: v,
      data: d,
      ...(r === undefined ? {} : { revision: r }),
      ...(x === undefined ? {} : { removed: x }),
      outbox: o.map(parseMessage),
    };
  } catch (thrown) {
    throw new CertlaneError('internal', `record '${key}' in the store is not one of ours`, { cause: thrown });
  }
}
