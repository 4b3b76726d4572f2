import { certificateSummary, CertlaneError, fingerprint, isCertlaneError, timestamp } from '@certlane/contracts';
import { readCertificate } from '@certlane/pki';
import {
  documentKey,
  LOGGER,
  STORE,
  type CollectionDefinition,
  type Documents,
  type DocumentStore,
  type Logger,
} from '@certlane/runtime';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { z } from 'zod';
import { isSelfSigned } from '../domain/authority-view.js';
import type { InstalledIssuer } from '../ports/trust-state.js';
import { inLots } from './trust-state/in-lots.js';
import { StoredTrustState } from './trust-state/stored-trust-state.js';

const record = z.object({ summary: certificateSummary, certificate: z.string(), selfSigned: z.boolean() });
const list = z.object({ installed: z.array(z.object({ fingerprint, addedAt: timestamp })) });
type Former = z.infer<typeof record>;
type FormerList = z.infer<typeof list>;

/** Documents `issuer.<fingerprint>`: what a certificate says. */
export const formerIssuerDocuments = {
  name: 'issuer',
  schema: record,
} satisfies CollectionDefinition<typeof record>;

/** The document `issuer-list.installed`: what is installed. */
export const formerListDocuments = {
  name: 'issuer-list',
  schema: list,
} satisfies CollectionDefinition<typeof list>;

const LIST = documentKey('installed');

/**
 * Takes over issuers that an earlier version has left, before the first request is answered. Whichever replica comes first does it, and
 * one that is killed leaves it to the next: the list is taken over once for each of its revisions, and removed after that. An earlier
 * version that still runs beside this one finds nothing installed and trusts nothing; what it installs is taken over at the next start.
 */
@Injectable()
export class FormerIssuers implements OnApplicationBootstrap {
  readonly #list: Documents<FormerList>;
  readonly #issuers: Documents<Former>;
  readonly #state: StoredTrustState;
  readonly #logger: Logger;

  constructor(
    @Inject(STORE) store: DocumentStore,
    @Inject(StoredTrustState) state: StoredTrustState,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#list = store.collection(formerListDocuments);
    this.#issuers = store.collection(formerIssuerDocuments);
    this.#state = state;
    this.#logger = logger;
  }

  /** @throws {CertlaneError} `internal` when the certificate of an installed issuer is lost */
  async onApplicationBootstrap(): Promise<void> {
    for (;;) {
      const stored = await this.#list.get(LIST);
      if (stored === undefined) return;
      const { revision, value } = stored;
      if ((await this.#state.migrated()) !== revision) await this.#takeOver(value, revision);
      if (!(await this.#remove(this.#list, LIST, revision))) continue;
      await inLots(value.installed, (one) => this.#removeIssuer(one.fingerprint));
      this.#logger.info({ issuers: value.installed.length }, 'issuers of an earlier version taken over');
      return;
    }
  }

  async #takeOver({ installed }: FormerList, migrated: string): Promise<void> {
    const former = await inLots(installed, (one) => this.#read(one));
    await this.#state.change(({ issuers }) => ({
      issuers: { put: former.filter(({ certificate }) => !issuers.has(certificate.fingerprint)) },
      migrated,
      result: undefined,
    }));
  }

  async #read({ fingerprint: name, addedAt }: FormerList['installed'][number]): Promise<InstalledIssuer> {
    const stored = await this.#issuers.get(documentKey(name));
    if (stored === undefined) {
      const message = `issuer ${name} of an earlier version is installed, but its certificate is lost`;
      throw new CertlaneError('internal', message);
    }
    const certificate = readCertificate(Buffer.from(stored.value.certificate, 'base64'));
    return { certificate, selfSigned: isSelfSigned(certificate), purpose: 'oftp2', at: addedAt };
  }

  async #removeIssuer(name: string): Promise<void> {
    const key = documentKey(name);
    const stored = await this.#issuers.get(key);
    if (stored !== undefined) await this.#remove(this.#issuers, key, stored.revision);
  }

  /** @returns false when somebody was faster */
  async #remove(documents: Documents<unknown>, key: string, revision: string): Promise<boolean> {
    try {
      await documents.remove(key, revision);
      return true;
    } catch (thrown) {
      if (isCertlaneError(thrown) && thrown.code === 'conflict') return false;
      throw thrown;
    }
  }
}
