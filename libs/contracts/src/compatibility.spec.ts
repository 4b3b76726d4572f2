import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { asyncApiDocument } from './asyncapi.js';
import { serviceNames } from './contract.js';
import { serviceContracts } from './services.js';

/** How an object takes a field that it does not know. */
type Way = 'refuses' | 'passes over' | 'keeps';

/** Every object of a schema by its path, and how it takes what it does not know. */
function* objectsOf(schema: z.core.$ZodType, path: string): Generator<readonly [string, Way]> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'object') {
    const catchall = def.catchall?._zod.def.type;
    yield [path, catchall === undefined ? 'passes over' : catchall === 'never' ? 'refuses' : 'keeps'];
    for (const [name, field] of Object.entries(def.shape)) yield* objectsOf(field, `${path}.${name}`);
    return;
  }
  for (const part of Object.values(def).flat() as unknown[]) if (isSchema(part)) yield* objectsOf(part, path);
}

function isSchema(part: unknown): part is z.core.$ZodType {
  return typeof part === 'object' && part !== null && '_zod' in part;
}

const contracts = serviceNames.map((name) => serviceContracts[name]);
const asked = contracts.flatMap(({ serves }) => serves.flatMap((one) => [...objectsOf(one.request, one.name)]));
const told = contracts.flatMap(({ serves, emits, handsOut }) => [
  ...serves.flatMap((one) => [...objectsOf(one.reply, `reply of ${one.name}`)]),
  ...emits.flatMap((one) => [...objectsOf(one.data, `event ${one.name}`)]),
  ...handsOut.flatMap((one) => [...objectsOf(one.data, `job ${one.name}`)]),
]);

describe('fields are added, never re-used: so', () => {
  it('no reply, event or job, however deep, is refused for a field that a later version adds', () => {
    expect(told.length).toBeGreaterThan(150);
    expect(told.filter(([, way]) => way === 'refuses')).toEqual([]);
  });

  it('every request, however deep, is refused for a field that nobody knows', () => {
    expect(asked.length).toBeGreaterThan(60);
    expect(asked.filter(([, way]) => way !== 'refuses')).toEqual([]);
  });
});

type Node = Record<string, unknown>;
const { components } = asyncApiDocument('0.0.0') as {
  components: Record<'messages' | 'schemas', Record<string, Node>>;
};

/** The objects of a message with all it refers to, and whether each is closed to what it does not name. */
function* objectsIn(node: unknown, path: string): Generator<readonly [string, boolean]> {
  if (typeof node !== 'object' || node === null) return;
  const { $ref, type, additionalProperties } = node as Node;
  if (typeof $ref === 'string') {
    yield* objectsIn(components.schemas[$ref.replace('#/components/schemas/', '')], path);
    return;
  }
  if (type === 'object') yield [path, additionalProperties === false];
  for (const [key, value] of Object.entries(node)) yield* objectsIn(value, `${path}/${key}`);
}

const payloads = Object.entries(components.messages).map(([name, { payload }]) => ({ name, payload }));
const isRequest = ({ name }: { name: string }) => name.endsWith('.request');
const inDocument = (some: typeof payloads) => some.flatMap(({ name, payload }) => [...objectsIn(payload, name)]);

describe('a client generated from the AsyncAPI document', () => {
  it('reads replies, events and jobs of later versions', () => {
    const objects = inDocument(payloads.filter((one) => !isRequest(one)));
    expect(objects.length).toBeGreaterThan(150);
    expect(objects.filter(([, closed]) => closed)).toEqual([]);
  });

  it('sends no request with a field that nobody knows', () => {
    const objects = inDocument(payloads.filter(isRequest));
    expect(objects.length).toBeGreaterThan(60);
    expect(objects.filter(([, closed]) => !closed)).toEqual([]);
  });
});
