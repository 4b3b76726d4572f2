import { z } from 'zod';
import { namedSchemas } from './asyncapi-names.js';

/** A piece of the document, as plain data. */
export type Json = Record<string, unknown>;

/** `input`: what a sender may write; `output`: what a reader gets, with what was left out filled in. */
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

/** An empty collection. A schema whose two forms differ is `<Name>` where it is told and `<Name>Input` where it is asked for. */
export function schemaCollection(): SchemaCollection {
  const names = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(namedSchemas)) names.add(schema, { id });
  const twoForms = namesWithTwoForms();
  const found = new Map<string, unknown>();

  const of = (schema: z.ZodType, form: Form): Json => {
    const { definitions, ...message } = convert(schema, form, names);
    const componentName = (name: string) => (form === 'input' && twoForms.has(name) ? `${name}Input` : name);
    for (const [name, definition] of Object.entries(definitions ?? {})) {
      found.set(componentName(name), withReferences(definition, componentName));
    }
    return withReferences(message, componentName) as Json;
  };

  return { of, named: () => Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function convert(schema: z.ZodType, form: Form, names: z.core.$ZodRegistry<{ id: string }>) {
  const converted = z.toJSONSchema(schema, {
    io: form,
    target: 'draft-07',
    unrepresentable: 'any',
    metadata: names,
  });
  delete converted.$schema;
  return converted;
}

/** Written out whole, so that a difference deep inside counts too. */
function namesWithTwoForms(): ReadonlySet<string> {
  const nameless = z.registry<{ id: string }>();
  const whole = (schema: z.ZodType, form: Form) => JSON.stringify(convert(schema, form, nameless));
  const different = Object.entries(namedSchemas).filter(
    ([, schema]) => whole(schema, 'input') !== whole(schema, 'output'),
  );
  return new Set(different.map(([name]) => name));
}

/** A converted schema whose references point into the document, where the definitions beside it are gone. */
function withReferences(node: unknown, componentName: (name: string) => string): unknown {
  if (Array.isArray(node)) return node.map((part) => withReferences(part, componentName));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(DEFINITIONS)
      ? [key, COMPONENTS + componentName(value.slice(DEFINITIONS.length))]
      : [key, withReferences(value, componentName)],
  );
  const [[key, parts] = [], ...others] = entries;
  // Draft 07 ignores what stands beside a `$ref`; zod therefore wraps it even where nothing does.
  if (key === 'allOf' && others.length === 0 && Array.isArray(parts) && parts.length === 1) return parts[0];
  return Object.fromEntries(entries) as Json;
}
