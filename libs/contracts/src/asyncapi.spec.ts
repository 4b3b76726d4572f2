import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { namedSchemas } from './asyncapi-names.js';
import { schemaCollection } from './asyncapi-schemas.js';
import { asyncApiDocument } from './asyncapi.js';
import { odetteId, sealed } from './vocabulary.js';

const document = asyncApiDocument('0.0.0');

/** Every object of the document with its path. */
function* objects(node: unknown, path = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof node !== 'object' || node === null) return;
  if (!Array.isArray(node)) yield [path, node as Record<string, unknown>];
  for (const [key, value] of Object.entries(node)) yield* objects(value, `${path}/${key}`);
}

const all = [...objects(document)];
const references = all.filter(([, { $ref }]) => typeof $ref === 'string');

describe('the AsyncAPI document', () => {
  it('refers to nothing that is not there', () => {
    const paths = new Set(all.map(([path]) => path));
    expect(references.filter(([, { $ref }]) => !paths.has(String($ref)))).toEqual([]);
  });

  it('says nothing beside a reference, where Draft 07 would not hear it', () => {
    expect(references.filter(([, node]) => Object.keys(node).length > 1)).toEqual([]);
  });

  it('names only what several places share', () => {
    const uses = (name: string) => references.filter(([, { $ref }]) => $ref === `#/components/schemas/${name}`);
    expect(Object.keys(namedSchemas).filter((name) => uses(name).length < 2)).toEqual([]);
  });

  it('gives one schema one name', () => {
    expect(new Set(Object.values(namedSchemas)).size).toBe(Object.keys(namedSchemas).length);
  });

  it('spells no large record out twice: it belongs into the list of names', () => {
    const places = new Map<string, string[]>();
    for (const [path, node] of all) {
      if (node['type'] !== 'object' || Object.keys(node['properties'] ?? {}).length < 8) continue;
      const written = JSON.stringify(node);
      places.set(written, [...(places.get(written) ?? []), path]);
    }
    expect(places.size).toBeGreaterThan(10);
    expect([...places.values()].filter((paths) => paths.length > 1)).toEqual([]);
  });

  it('comes out the same each time', () => {
    expect(JSON.stringify(asyncApiDocument('0.0.0'))).toBe(JSON.stringify(document));
  });
});

describe('the schemas of a document', () => {
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  it('are referred to by name where they have one', () => {
    const schemas = schemaCollection();
    expect(schemas.of(z.strictObject({ station: odetteId, partner: odetteId.optional() }), 'input')).toEqual({
      type: 'object',
      properties: { station: ref('OdetteId'), partner: ref('OdetteId') },
      required: ['station'],
      additionalProperties: false,
    });
    expect(Object.keys(schemas.named())).toEqual(['OdetteId']);
  });

  it('are open to what a later version adds where they are told, and closed where they are asked for', () => {
    const { of } = schemaCollection();
    const parts = { type: 'object', properties: { station: ref('OdetteId') }, required: ['station'] };
    expect(of(z.object({ station: odetteId }), 'output')).toEqual(parts);
    expect(of(z.strictObject({ station: odetteId }), 'input')).toEqual({ ...parts, additionalProperties: false });
  });

  it('read the same where they are told and where they are asked for, if they have a name', () => {
    for (const schema of Object.values(namedSchemas)) {
      const { of, named } = schemaCollection();
      const told = [of(schema, 'output'), named()];
      expect([of(schema, 'input'), named()]).toEqual(told);
    }
  });

  it('put a default, or a narrower limit, around the reference', () => {
    const { of } = schemaCollection();
    expect(of(odetteId.default('A'), 'input')).toEqual({ default: 'A', allOf: [ref('OdetteId')] });
    expect(of(sealed.max(10), 'input')).toEqual({ allOf: [ref('Sealed')], maxLength: 10 });
  });
});
