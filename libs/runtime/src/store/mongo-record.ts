import type { RecordBody, Row } from './record-table.js';
import { parseMessage } from './stored-message.js';

/** A record as MongoDB keeps it. */
export interface MongoRecord {
  readonly _id: string;
  /** Position: names this write. */
  readonly w: string;
  /** Version of the schema. */
  readonly v: number;
  /** Data, as documents of documents: fit to be queried by those who look in from outside. */
  readonly d: unknown;
  readonly r?: string;
  readonly x?: true;
  /** Outbox, each message as JSON: nobody queries it. */
  readonly o?: readonly string[];
  /** Since when it waits for its messages to be published; only where it does. */
  readonly p?: Date;
}

/** A record to be written. */
export function encodeRecord(key: string, position: string, body: RecordBody): MongoRecord {
  const { version, data, revision, removed, outbox } = body;
  return {
    _id: key,
    w: position,
    v: version,
    d: renamed(data, escapeName),
    ...(revision === undefined ? {} : { r: revision }),
    ...(removed === true ? { x: true as const } : {}),
    ...(outbox.length === 0 ? {} : { o: outbox.map((message) => JSON.stringify(message)) }),
    ...(outbox.length === 0 && removed !== true ? {} : { p: new Date() }),
  };
}

/** A record that was read. */
export function decodeRecord({ _id, w, v, d, r, x, o = [] }: MongoRecord): Row {
  return {
    key: _id,
    position: w,
    version: v,
    data: renamed(d, unescapeName),
    ...(r === undefined ? {} : { revision: r }),
    ...(x === undefined ? {} : { removed: x }),
    outbox: o.map((text) => parseMessage(JSON.parse(text))),
  };
}

/** Names of fields may hold anything in JSON; dots and a leading dollar mean something to MongoDB. */
function escapeName(name: string): string {
  return name.replace(/[%.]|^\$/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

function unescapeName(name: string): string {
  return name.replace(/%(25|2e|24)/g, (_match, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** A copy of JSON data with every name of a field mapped. */
function renamed(data: unknown, map: (name: string) => string): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => renamed(item, map));
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [map(name), renamed(value, map)]),
  );
}
