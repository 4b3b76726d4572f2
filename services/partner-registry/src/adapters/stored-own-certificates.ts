import { encodeToken } from '@certlane/contracts';
import { documentKey, mutate, STORE, type Documents, type DocumentStore } from '@certlane/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { OwnCertificateRecord, OwnCertificates, SealedKeyRecord, SealedKeys } from '../ports/own-certificates.js';
import { everyDocument } from './every-document.js';
import { ownCertificateDocuments, sealedKeyDocuments } from './station-documents.js';

/** {@link OwnCertificates} as documents. */
@Injectable()
export class StoredOwnCertificates implements OwnCertificates {
  readonly #documents: Documents<OwnCertificateRecord>;

  constructor(@Inject(STORE) store: DocumentStore) {
    this.#documents = store.collection(ownCertificateDocuments);
  }

  async get(station: string, fingerprint: string): Promise<OwnCertificateRecord | undefined> {
    return (await this.#documents.get(documentKey(station, fingerprint)))?.value;
  }

  keep(station: string, certificate: OwnCertificateRecord): Promise<void> {
    return mutate(this.#documents, documentKey(station, certificate.summary.fingerprint), (current) => {
      const { chain } = certificate;
      if (current === undefined) return { do: 'write', value: certificate, result: undefined };
      if (chain.length === 0 || chain.join() === current.chain.join()) return { do: 'nothing', result: undefined };
      return { do: 'write', value: { ...current, chain }, result: undefined };
    });
  }
}

/** {@link SealedKeys} as documents. */
@Injectable()
export class StoredSealedKeys implements SealedKeys {
  readonly #documents: Documents<SealedKeyRecord>;

  constructor(@Inject(STORE) store: DocumentStore) {
    this.#documents = store.collection(sealedKeyDocuments);
  }

  async get(station: string, keyId: string): Promise<SealedKeyRecord | undefined> {
    return (await this.#documents.get(documentKey(station, keyId)))?.value;
  }

  async all(station: string): Promise<readonly SealedKeyRecord[]> {
    const keys = await everyDocument(this.#documents, `${encodeToken(station)}.*`);
    return keys.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  keep(station: string, key: SealedKeyRecord): Promise<void> {
    return mutate(this.#documents, documentKey(station, key.keyId), (current) =>
      current?.sealedKey === key.sealedKey
        ? { do: 'nothing', result: undefined }
        : { do: 'write', value: { ...key, createdAt: current?.createdAt ?? key.createdAt }, result: undefined },
    );
  }
}
