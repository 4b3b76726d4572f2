import { z } from 'zod';
import { namedSchemas } from './asyncapi-names.js';

/** A piece of the document, as plain data. */
export type Json = Record<string, unknown>;

/**
 * `input`: what a sender may write, and nothing beside it; `output`: what a reader gets, with what was left out filled in, and with what
 * a later version adds.
 */
export type Form = 'input' | 'output';

/** Schemas for the messages of one document, and the named ones that they refer to. */
export interface SchemaCollection {
  /** The JSON Schema (Draft 07, as AsyncAPI 3.0 reads it) of a message or a part of one. */
  readonly of: (schema: z.ZodType, form: Form) => Json;
  /** `components/schemas`: every named schema that was referred to up to now, by name. */
  readonly named: () => Json;
}

const DEFINITIONS = '#/definitions/';
const COMPONENTS = '#/components/schemas/';

/** An empty collection. What is named reads the same in both forms (a test holds it): what is asked for otherwise has a name of its own. */
export function schemaCollection(): SchemaCollection {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(namedSchemas)) names.add(schema, { id });
  const found = new Map<string, unknown>();

  const of = (schema: z.ZodType, form: Form): Json => {
    const { definitions, ...message } = convert(schema, form, names);
    for (const [name, definition] of Object.entries(definitions ?? {})) found.set(name, withReferences(definition));
    return withReferences(message) as Json;
  };

  return { of, named: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function convert(schema: z.ZodType, form: Form, names: z.core.$ZodRegistry<{ id: string }>) {
  const converted = z.toJSONSchema(schema, {
    io: form,
    target: 'draft-07',
    unrepresentable: 'any',
    metadata: names,
    override: ({ zodSchema, jsonSchema }) => {
      if (form === 'output' && mayGrow(zodSchema)) delete jsonSchema.additionalProperties;
    },
  });
  delete converted.$schema;
  return converted;
}

/** An object that passes over what it does not know: readers that were generated from the document are to do so too. */
function mayGrow({ _zod }: z.core.$ZodTypes): boolean {
  return _zod.def.type === 'object' && _zod.def.catchall === undefined;
}

/** A converted schema whose references point into the document, where the definitions beside it are gone. */
function withReferences(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((part) => withReferences(part));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(DEFINITIONS)
      ? [key, COMPONENTS + value.slice(DEFINITIONS.length)]
      : [key, withReferences(value)],
  );
  const [[key, parts] = [], ...others] = entries;
  // Draft 07 ignores what stands beside a `$ref`; zod therefore wraps it even where nothing does.
  if (key === 'allOf' && others.length === 0 && Array.isArray(parts) && parts.length === 1) return parts[0];
  return Object.fromEntries(entries) as Json;
}
