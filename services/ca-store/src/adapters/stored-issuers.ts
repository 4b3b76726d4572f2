import { caEvents, CertlaneError } from '@certlane/contracts';
import {
  documentKey,
  mutate,
  MESSAGES,
  STORE,
  type Documents,
  type DocumentStore,
  type Messages,
} from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { LIMITS, type InstalledIssuer, type IssuerRecord } from '../domain/issuer-record.js';
import type { Issuers } from '../ports/issuers.js';
import { issuerDocuments, issuerListDocuments, type IssuerList } from './issuer-documents.js';

const LIST = documentKey('installed');
const NONE: IssuerList = { installed: [] };

type Installed = IssuerList['installed'][number];

/** Certificates that are fetched side by side: thousands at once would wait for one another past their time. */
const READ_AT_ONCE = 64;

/**
 * {@link Issuers} as documents: one list of fingerprints, which every question reads anew, so that no replica ever relies on
 * what another has taken out; and the certificates, which are named by their content and may therefore be remembered.
 *
 * The document of an issuer that was taken out stays: another replica may be installing it again at this moment.
 */
@Injectable()
export class StoredIssuers implements Issuers {
  readonly #list: Documents<IssuerList>;
  readonly #certificates: Documents<IssuerRecord>;
  readonly #messages: Messages;
  readonly #known = new Map<string, IssuerRecord>();

  constructor(@Inject(STORE) store: DocumentStore, @Inject(MESSAGES) messages: Messages) {
    this.#list = store.collection(issuerListDocuments);
    this.#certificates = store.collection(issuerDocuments);
    this.#messages = messages;
  }

  async all(): Promise<readonly InstalledIssuer[]> {
    const installed = await this.#installed();
    const all = await this.#readAll(installed);
    const current = new Set(installed.map(({ fingerprint }) => fingerprint));
    for (const fingerprint of this.#known.keys()) if (!current.has(fingerprint)) this.#known.delete(fingerprint);
    return all;
  }

  async page({ limit, after = '' }: { readonly limit: number; readonly after?: string | undefined }) {
    const behind = (await this.#installed()).filter(({ fingerprint }) => fingerprint > after);
    const wanted = behind.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)).slice(0, limit);
    const issuers = await this.#readAll(wanted);
    const last = wanted.at(-1);
    return behind.length > wanted.length && last !== undefined ? { issuers, next: last.fingerprint } : { issuers };
  }

  async get(fingerprint: string): Promise<InstalledIssuer | undefined> {
    const entry = (await this.#installed()).find((one) => one.fingerprint === fingerprint);
    return entry === undefined ? undefined : this.#read(entry);
  }

  async add(issuers: readonly IssuerRecord[], now: Date) {
    requireOneReply(issuers);
    // The certificates first: what the list names can always be read.
    for (const issuer of issuers) await this.#keep(issuer);
    const before = await this.all();
    const addedAt = now.toISOString();
    return mutate(this.#list, LIST, (current = NONE) => {
      const known = new Map(current.installed.map((entry) => [entry.fingerprint, entry.addedAt]));
      const added = unique(issuers).filter(({ summary }) => !known.has(summary.fingerprint));
      const result = issuers.map((issuer) => ({
        issuer: { ...issuer, addedAt: known.get(issuer.summary.fingerprint) ?? addedAt },
        added: !known.has(issuer.summary.fingerprint),
      }));
      if (added.length === 0) return { do: 'nothing', result };
      const others = before.filter(({ summary }) => known.has(summary.fingerprint));
      requireRoom(current.installed.length + added.length, [...others, ...added]);
      return {
        do: 'write',
        value: {
          installed: [...current.installed, ...added.map(({ summary: { fingerprint } }) => ({ fingerprint, addedAt }))],
        },
        messages: added.map(({ summary }) => this.#messages.event(caEvents.issuerAdded, { issuer: summary })),
        result,
      };
    });
  }

  async remove(fingerprint: string): Promise<boolean> {
    const issuer = await this.get(fingerprint);
    if (issuer === undefined) return false;
    return mutate(this.#list, LIST, (current = NONE) => {
      const installed = current.installed.filter((entry) => entry.fingerprint !== fingerprint);
      if (installed.length === current.installed.length) return { do: 'nothing', result: false };
      return {
        do: 'write',
        value: { installed },
        messages: [this.#messages.event(caEvents.issuerRemoved, { issuer: issuer.summary })],
        result: true,
      };
    });
  }

  async #installed(): Promise<Installed[]> {
    return [...((await this.#list.get(LIST))?.value ?? NONE).installed];
  }

  async #readAll(entries: readonly Installed[]): Promise<InstalledIssuer[]> {
    const all: InstalledIssuer[] = [];
    for (let from = 0; from < entries.length; from += READ_AT_ONCE) {
      all.push(...(await Promise.all(entries.slice(from, from + READ_AT_ONCE).map((entry) => this.#read(entry)))));
    }
    return all;
  }

  async #keep(issuer: IssuerRecord): Promise<void> {
    await mutate(this.#certificates, documentKey(issuer.summary.fingerprint), (current) =>
      current === undefined ? { do: 'write', value: issuer, result: undefined } : { do: 'nothing', result: undefined },
    );
  }

  async #read({ fingerprint, addedAt }: Installed): Promise<InstalledIssuer> {
    const record = this.#known.get(fingerprint) ?? (await this.#certificates.get(documentKey(fingerprint)))?.value;
    if (record === undefined) {
      throw new CertlaneError('internal', `issuer ${fingerprint} is installed, but its certificate is lost`);
    }
    this.#known.set(fingerprint, record);
    return { ...record, addedAt };
  }
}

function requireRoom(count: number, issuers: readonly IssuerRecord[]): void {
  const text = issuers.reduce((sum, { certificate }) => sum + certificate.length, 0);
  if (count <= LIMITS.issuers && text <= LIMITS.issuerText) return;
  throw new CertlaneError(
    'failed-precondition',
    `certificates: there would be ${count} issuers with ${text} characters; at most ${LIMITS.issuers} with ${LIMITS.issuerText} can be installed: remove those that are no longer needed (certlane issuer remove)`,
    { details: { field: 'certificates' } },
  );
}

/** What was added is told in one reply and in events of one document. */
function requireOneReply(issuers: readonly IssuerRecord[]): void {
  const octets = issuers.reduce((sum, issuer) => sum + Buffer.byteLength(JSON.stringify(issuer)), 0);
  if (octets <= LIMITS.requestOctets) return;
  throw new CertlaneError(
    'invalid-argument',
    `certificates: these ${issuers.length} take ${octets} octets; at most ${LIMITS.requestOctets} are installed at once: send them in several requests`,
    { details: { field: 'certificates' } },
  );
}

function unique(issuers: readonly IssuerRecord[]): IssuerRecord[] {
  return [...new Map(issuers.map((issuer) => [issuer.summary.fingerprint, issuer])).values()];
}
