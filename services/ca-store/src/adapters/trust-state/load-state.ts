import { CertlaneError } from '@certlane/contracts';
import {
  type Certificate,
  readCertificate,
  readOcspResponse,
  readRevocationList,
  type RevocationList,
} from '@certlane/pki';
import { z } from 'zod';
import type { Contents } from '../../ports/contents.js';
import type { FollowedList, InstalledIssuer, KnownAnswer, KnownRevocationList } from '../../ports/trust-state.js';
import { inLots } from './in-lots.js';
import { Holdings, type LoadedState, loadedState, type NamedEdition } from './loaded-state.js';
import type { Page, PageNames, Pages } from './pages.js';
import {
  type Manifest,
  storedAnswer,
  type StoredAnswer,
  storedEdition,
  type StoredFollowedList,
  storedIssuer,
  type StoredIssuer,
  storedRevocationList,
  type StoredRevocationList,
} from './stored-forms.js';

/**
 * The state that a manifest names. What `before` has in memory is taken from there, the rest is read.
 * @throws {CertlaneError} `unavailable`; `internal` when a content is lost, which may mean that the manifest is an old one
 */
export function loadState(manifest: Manifest, before: LoadedState, contents: Contents): Promise<LoadedState> {
  return new StateReader(before, contents).read(manifest);
}

class StateReader {
  readonly #before: LoadedState;
  readonly #contents: Contents;
  readonly #held: Holdings;
  /** Several entries may name one certificate or list: it is read once, and is one object. */
  readonly #reading = new Map<string, Promise<unknown>>();

  constructor(before: LoadedState, contents: Contents) {
    this.#before = before;
    this.#contents = contents;
    this.#held = new Holdings(before);
  }

  async read(manifest: Manifest): Promise<LoadedState> {
    const { issuers, revocationLists, answers } = this.#before;
    const pages = {
      issuers: await this.#pages(manifest.issuers, issuers, {
        form: storedIssuer,
        keyOf: ({ fingerprint }) => fingerprint,
        revive: (stored) => this.#issuer(stored),
      }),
      revocationLists: await this.#pages(manifest.revocationLists, revocationLists, {
        form: storedRevocationList,
        keyOf: ({ id }) => id,
        revive: (stored) => this.#revocationList(stored),
      }),
      answers: await this.#pages(manifest.answers, answers, {
        form: storedAnswer,
        keyOf: ({ id }) => id,
        revive: (stored) => this.#answer(stored),
      }),
    };
    const editions = new Map<string, NamedEdition>();
    const trustLists = new Map<string, FollowedList>();
    for (const stored of manifest.trustLists) {
      const edition = await this.#edition(stored);
      if (edition !== undefined) editions.set(stored.name, edition);
      trustLists.set(stored.name, await this.#followed(stored, edition));
    }
    return loadedState({ manifest, ...pages, editions, trustLists }, this.#before);
  }

  async #pages<Entry, Stored>(
    names: PageNames,
    before: Pages<Entry>,
    kind: {
      readonly form: z.ZodType<Stored>;
      readonly keyOf: (stored: Stored) => string;
      readonly revive: (stored: Stored) => Promise<Entry>;
    },
  ): Promise<Pages<Entry>> {
    const pages = new Map<string, Page<Entry>>();
    for (const [number, name] of Object.entries(names)) {
      const known = before.get(number);
      pages.set(number, known?.name === name ? known : { name, entries: await this.#entries(name, kind) });
    }
    const same = pages.size === before.size && [...pages].every(([number, page]) => before.get(number) === page);
    return same ? before : pages;
  }

  async #entries<Entry, Stored>(
    name: string,
    {
      form,
      keyOf,
      revive,
    }: {
      readonly form: z.ZodType<Stored>;
      readonly keyOf: (stored: Stored) => string;
      readonly revive: (stored: Stored) => Promise<Entry>;
    },
  ): Promise<ReadonlyMap<string, Entry>> {
    const stored = await this.#parsed(name, z.array(form));
    return new Map(await inLots(stored, async (one) => [keyOf(one), await revive(one)] as const));
  }

  async #issuer({ fingerprint, ...rest }: StoredIssuer): Promise<InstalledIssuer> {
    return { ...rest, certificate: await this.#certificate(fingerprint) };
  }

  async #revocationList({ list, issuers, ...rest }: StoredRevocationList): Promise<KnownRevocationList> {
    return {
      ...rest,
      ...(list === undefined ? {} : { list: await this.#list(list) }),
      ...(issuers === undefined ? {} : { issuers: await inLots(issuers, (one) => this.#certificate(one)) }),
    };
  }

  async #answer({ certificate, issuer, answer, ...rest }: StoredAnswer): Promise<KnownAnswer> {
    const held = this.#before.view.answers.get(rest.id)?.answer;
    const current = answer !== undefined && held?.content === answer.content ? held : undefined;
    return {
      ...rest,
      certificate: await this.#certificate(certificate),
      issuer: await this.#certificate(issuer),
      ...(answer === undefined ? {} : { answer: current ?? (await this.#answered(answer)) }),
    };
  }

  async #answered(answer: NonNullable<StoredAnswer['answer']>): Promise<NonNullable<KnownAnswer['answer']>> {
    const octets = await this.#octets(answer.content);
    return { ...answer, octets, response: readOcspResponse(octets) };
  }

  async #followed(stored: StoredFollowedList, named: NamedEdition | undefined): Promise<FollowedList> {
    const { signers, edition: _name, ...rest } = stored;
    return {
      ...rest,
      signers: await inLots(signers, async (signer) => ({
        ...signer,
        certificate: await this.#certificate(signer.certificate),
      })),
      ...(named === undefined ? {} : { edition: named.edition }),
    };
  }

  async #edition({ name: trustList, level, edition: name }: StoredFollowedList): Promise<NamedEdition | undefined> {
    if (name === undefined) return undefined;
    const held = this.#held.edition(trustList, name);
    if (held !== undefined && this.#before.view.trustLists.get(trustList)?.level === level) return held;
    const stored = await this.#parsed(name, storedEdition);
    const authorities = await inLots(stored.authorities, async ({ since, certificate, above, ...rest }) => ({
      ...rest,
      level,
      since: new Date(since),
      certificate: await this.#certificate(certificate),
      above: await inLots(above, (one) => this.#certificate(one)),
    }));
    return { name, edition: { ...stored, authorities } };
  }

  #certificate(fingerprint: string): Promise<Certificate> {
    return this.#once(fingerprint, this.#held.certificate(fingerprint), readCertificate);
  }

  #list(fingerprint: string): Promise<RevocationList> {
    return this.#once(fingerprint, this.#held.list(fingerprint), (octets) => readRevocationList(octets));
  }

  #once<Value>(name: string, held: Value | undefined, read: (octets: Uint8Array) => Value): Promise<Value> {
    if (held !== undefined) return Promise.resolve(held);
    const underWay = this.#reading.get(name) as Promise<Value> | undefined;
    const reading = underWay ?? this.#octets(name).then(read);
    this.#reading.set(name, reading);
    return reading;
  }

  async #parsed<Value>(name: string, form: z.ZodType<Value>): Promise<Value> {
    const octets = await this.#octets(name);
    return form.parse(JSON.parse(Buffer.from(octets).toString('utf8')));
  }

  async #octets(name: string): Promise<Uint8Array> {
    const octets = await this.#contents.get(name);
    if (octets !== undefined) return octets;
    throw new CertlaneError('internal', `the trust state names the content ${name}, but it is lost`);
  }
}
