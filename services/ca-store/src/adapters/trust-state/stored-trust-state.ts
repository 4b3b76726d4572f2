import { CertlaneError } from '@certlane/contracts';
import { documentKey, type Documents, type DocumentStore, mutate, STORE } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { CONTENTS, type Contents } from '../../ports/contents.js';
import { MESSAGE_OCTETS, type TrustChange, type TrustState, type TrustView } from '../../ports/trust-state.js';
import { applyChange } from './apply-change.js';
import { inLots } from './in-lots.js';
import { loadState } from './load-state.js';
import { contentsOf, type LoadedState, NOTHING_LOADED } from './loaded-state.js';
import { type Manifest, manifestDocuments, NO_MANIFEST } from './stored-forms.js';

const CURRENT = documentKey('current');

/** A manifest can be overtaken between reading it and reading what it names, by so much that this is swept: then it is read again. */
const LOADS = 3;

/** A change of the trust state that also may note which former list was taken over. */
export type StoredChange<Result> = TrustChange<Result> & { readonly migrated?: string };

/**
 * {@link TrustState} as documents: a manifest, which every question reads anew, so that no replica ever relies on what another has
 * taken out; and contents, which are named by what is in them and may therefore be remembered.
 *
 * In memory there is the newest state and whatever older ones running validations still hold; they share what is equal.
 */
@Injectable()
export class StoredTrustState implements TrustState {
  readonly #manifests: Documents<Manifest>;
  readonly #contents: Contents;
  readonly #loading = new Map<string, Promise<LoadedState>>();
  #latest = NOTHING_LOADED;
  /** Order of readings: a state that was read later is never replaced by one that was read before it. */
  #readings = 0;
  #latestReading = 0;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(@Inject(STORE) store: DocumentStore, @Inject(CONTENTS) contents: Contents) {
    this.#manifests = store.collection(manifestDocuments);
    this.#contents = contents;
  }

  async current(): Promise<TrustView> {
    return (await this.#read()).view;
  }

  change<Result>(decide: (view: TrustView) => StoredChange<Result> | Promise<StoredChange<Result>>): Promise<Result> {
    // One after the other: changes of one replica would only make one another decide anew.
    const changed = this.#changes.then(() => this.#change(decide));
    this.#changes = changed.catch(() => undefined);
    return changed;
  }

  /** The former list of issuers that was taken over, by its revision. */
  async migrated(): Promise<string | undefined> {
    return (await this.#manifests.get(CURRENT))?.value.migrated;
  }

  /** Names of all contents that are in force. */
  async contentsInForce(): Promise<ReadonlySet<string>> {
    return contentsOf(await this.#read());
  }

  async #read(): Promise<LoadedState> {
    for (let attempt = 1; ; attempt += 1) {
      const reading = (this.#readings += 1);
      const manifest = (await this.#manifests.get(CURRENT))?.value ?? NO_MANIFEST;
      try {
        const state = await this.#stateOf(manifest);
        this.#adopt(state, reading);
        return state;
      } catch (thrown) {
        const now = (await this.#manifests.get(CURRENT))?.value ?? NO_MANIFEST;
        if (attempt === LOADS || now.write === manifest.write) throw thrown;
      }
    }
  }

  #stateOf(manifest: Manifest): Promise<LoadedState> {
    if (manifest.write === this.#latest.manifest.write) return Promise.resolve(this.#latest);
    const underWay = this.#loading.get(manifest.write);
    if (underWay !== undefined) return underWay;
    const loading = loadState(manifest, this.#latest, this.#contents).finally(() =>
      this.#loading.delete(manifest.write),
    );
    this.#loading.set(manifest.write, loading);
    return loading;
  }

  #adopt(state: LoadedState, reading: number): void {
    if (reading < this.#latestReading) return;
    this.#latest = state;
    this.#latestReading = reading;
  }

  async #change<Result>(
    decide: (view: TrustView) => StoredChange<Result> | Promise<StoredChange<Result>>,
  ): Promise<Result> {
    // A replica that was idle has much to load, and may be overtaken meanwhile: reading goes on then, a decision cannot.
    await this.#read();
    let written: LoadedState | undefined;
    const kept = new Set<Uint8Array>();
    const result = await mutate<Manifest, Result>(this.#manifests, CURRENT, async (manifest = NO_MANIFEST) => {
      written = undefined;
      const before = await this.#stateOf(manifest);
      const change = await decide(before.view);
      const { messages = [], migrated } = change;
      if (!isEdit(change)) return { do: 'nothing', result: change.result };
      requireFewMessages(messages);
      const { state, contents, pages } = applyChange(before, change);
      for (const octets of [contents, pages]) await this.#keep(octets, kept);
      const value = migrated === undefined ? state.manifest : { ...state.manifest, migrated };
      written = { ...state, manifest: value };
      return { do: 'write', value, messages, result: change.result };
    });
    if (written !== undefined) this.#adopt(written, (this.#readings += 1));
    return result;
  }

  /** What was kept for a decision that came too late need not be kept again for the next one. */
  async #keep(contents: readonly Uint8Array[], kept: Set<Uint8Array>): Promise<void> {
    const missing = contents.filter((octets) => !kept.has(octets));
    await inLots(missing, (octets) => this.#contents.put(octets));
    for (const octets of missing) kept.add(octets);
  }
}

function isEdit({ messages = [], migrated, ...change }: StoredChange<unknown>): boolean {
  const edits = [change.issuers, change.trustLists, change.revocationLists, change.answers];
  const touched = edits.some((edit) => (edit?.put?.length ?? 0) + (edit?.remove?.length ?? 0) > 0);
  return touched || messages.length > 0 || migrated !== undefined;
}

function requireFewMessages(messages: readonly unknown[]): void {
  const octets = Buffer.byteLength(JSON.stringify(messages));
  if (octets <= MESSAGE_OCTETS) return;
  const message = `a change of the trust state has ${octets} octets of events; at most ${MESSAGE_OCTETS} fit: change less at once`;
  throw new CertlaneError('internal', message);
}
