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
    const { installed } = (await this.#list.get(LIST))?.value ?? NONE;
    const all = await Promise.all(installed.map((entry) => this.#read(entry)));
    const current = new Set(installed.map(({ fingerprint }) => fingerprint));
    for (const fingerprint of this.#known.keys()) if (!current.has(fingerprint)) this.#known.delete(fingerprint);
    return all;
  }

  async get(fingerprint: string): Promise<InstalledIssuer | undefined> {
    const { installed } = (await this.#list.get(LIST))?.value ?? NONE;
    const entry = installed.find((one) => one.fingerprint === fingerprint);
    return entry === undefined ? undefined : this.#read(entry);
  }

  async add(issuers: readonly IssuerRecord[], now: Date) {
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

  async #keep(issuer: IssuerRecord): Promise<void> {
    await mutate(this.#certificates, documentKey(issuer.summary.fingerprint), (current) =>
      current === undefined ? { do: 'write', value: issuer, result: undefined } : { do: 'nothing', result: undefined },
    );
  }

  async #read({ fingerprint, addedAt }: IssuerList['installed'][number]): Promise<InstalledIssuer> {
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

function unique(issuers: readonly IssuerRecord[]): IssuerRecord[] {
  return [...new Map(issuers.map((issuer) => [issuer.summary.fingerprint, issuer])).values()];
}
