import { CertlaneError } from '@certlane/contracts';
import type { z } from 'zod';
import type { CollectionDefinition, Documents, Listed, ListedKeys, Page, Stored } from './documents.js';
import { assertKey, assertPattern } from './keys.js';
import type { OutboxMessage } from './messages.js';
import type { RecordBody, Row, Scanned, ScannedKeys } from './record-table.js';

/** The store below a collection: whole keys, unchecked data. */
export interface RecordStore {
  read(key: string): Promise<Row | undefined>;
  scan(pattern: string, after: string | undefined, limit: number): Promise<Scanned>;
  keys(pattern: string, after: string | undefined, limit: number): Promise<ScannedKeys>;
  create(key: string, body: Pick<RecordBody, 'version' | 'data'>, messages: readonly OutboxMessage[]): Promise<string>;
  update(
    key: string,
    revision: string,
    body: Pick<RecordBody, 'version' | 'data'>,
    messages: readonly OutboxMessage[],
  ): Promise<string>;
  remove(key: string, revision: string, messages: readonly OutboxMessage[]): Promise<void>;
  publishPending(key: string): Promise<void>;
}

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** One collection of a store: its keys without the collection's name, its data through the schema. */
export class CollectionView<Schema extends z.ZodType> implements Documents<z.output<Schema>> {
  readonly #store: RecordStore;
  readonly #definition: CollectionDefinition<Schema>;
  readonly #version: number;

  constructor(store: RecordStore, definition: CollectionDefinition<Schema>) {
    if (!/^[a-z][a-z-]*$/.test(definition.name)) {
      throw new CertlaneError(
        'internal',
        `'${definition.name}' is no name of a collection: lower-case letters and hyphens`,
      );
    }
    this.#store = store;
    this.#definition = definition;
    this.#version = definition.version ?? 1;
  }

  async get(key: string): Promise<Stored<z.output<Schema>> | undefined> {
    const row = await this.#store.read(this.#whole(key));
    return row === undefined ? undefined : this.#stored(row);
  }

  async create(key: string, value: z.output<Schema>, messages: readonly OutboxMessage[] = []): Promise<string> {
    return this.#store.create(this.#whole(key), this.#body(key, value), messages);
  }

  async update(
    key: string,
    revision: string,
    value: z.output<Schema>,
    messages: readonly OutboxMessage[] = [],
  ): Promise<string> {
    return this.#store.update(this.#whole(key), revision, this.#body(key, value), messages);
  }

  async remove(key: string, revision: string, messages: readonly OutboxMessage[] = []): Promise<void> {
    await this.#store.remove(this.#whole(key), revision, messages);
  }

  async publishPending(key: string): Promise<void> {
    await this.#store.publishPending(this.#whole(key));
  }

  async list(pattern: string, { limit = DEFAULT_LIMIT, after }: Page = {}): Promise<Listed<z.output<Schema>>> {
    assertPattern(pattern);
    const wanted = Math.min(limit, MAX_LIMIT);
    const documents: Stored<z.output<Schema>>[] = [];
    let position = after === undefined ? undefined : this.#whole(after);
    // Removed records take room in a scan and none in a page.
    for (;;) {
      const scanned = await this.#store.scan(
        `${this.#definition.name}.${pattern}`,
        position,
        wanted - documents.length,
      );
      documents.push(...scanned.rows.filter((row) => row.removed !== true).map((row) => this.#stored(row)));
      if (scanned.next === undefined) return { documents };
      position = scanned.next;
      if (documents.length >= wanted) return { documents, next: this.#inner(position) };
    }
  }

  async keys(pattern: string, { limit = DEFAULT_LIMIT, after }: Page = {}): Promise<ListedKeys> {
    assertPattern(pattern);
    const from = after === undefined ? undefined : this.#whole(after);
    const found = await this.#store.keys(`${this.#definition.name}.${pattern}`, from, Math.min(limit, MAX_LIMIT));
    const keys = found.keys.map((key) => this.#inner(key));
    return found.next === undefined ? { keys } : { keys, next: this.#inner(found.next) };
  }

  #whole(key: string): string {
    assertKey(key);
    return `${this.#definition.name}.${key}`;
  }

  #inner(key: string): string {
    return key.slice(this.#definition.name.length + 1);
  }

  #body(key: string, value: z.output<Schema>): Pick<RecordBody, 'version' | 'data'> {
    const data = this.#definition.schema.safeParse(value);
    if (data.success) return { version: this.#version, data: data.data };
    throw this.#unfit(key, 'to be written', data.error);
  }

  #stored(row: Row): Stored<z.output<Schema>> {
    const { name, schema, upgrade } = this.#definition;
    const key = this.#inner(row.key);
    if (row.version > this.#version) {
      const message = `document '${name}.${key}' was written by a newer version (${row.version}; this one knows ${this.#version})`;
      throw new CertlaneError('failed-precondition', `${message}; update this service first`);
    }
    const data = row.version === this.#version || upgrade === undefined ? row.data : upgrade(row.data, row.version);
    const value = schema.safeParse(data);
    if (!value.success) throw this.#unfit(key, 'as stored', value.error);
    return { key, value: value.data, revision: row.revision ?? row.position };
  }

  #unfit(key: string, when: string, error: z.ZodError): CertlaneError {
    const issue = error.issues[0];
    const message = `document '${this.#definition.name}.${key}' ${when} does not fit its schema at '${issue?.path.join('.') ?? ''}'`;
    return new CertlaneError('internal', `${message}: ${issue?.message ?? ''}`, { cause: error });
  }
}
