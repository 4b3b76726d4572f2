import { createHash, randomUUID } from 'node:crypto';
import { certificatesIn } from './edit-certificates.js';
import { requireRoom } from '../../domain/require-room.js';
import { sameSubstance } from '../../domain/trust-view.js';
import type {
  FollowedList,
  InstalledIssuer,
  KnownAnswer,
  KnownRevocationList,
  TrustChange,
  TrustListEdition,
} from '../../ports/trust-state.js';
import { Holdings, type LoadedState, loadedState, type NamedEdition } from './loaded-state.js';
import { editPages, type EditedPages, namesOf, type PageKind } from './pages.js';
import type {
  StoredAnswer,
  StoredEdition,
  StoredFollowedList,
  StoredIssuer,
  StoredRevocationList,
} from './stored-forms.js';

/** A changed state, and what has to be kept before its manifest may be written: contents that entries name, then pages. */
export interface AppliedChange {
  readonly state: LoadedState;
  readonly contents: readonly Uint8Array[];
  readonly pages: readonly Uint8Array[];
}

/**
 * The state after a change.
 * @throws {CertlaneError} `failed-precondition` when there would be more than may be
 */
export function applyChange(before: LoadedState, change: TrustChange<unknown>): AppliedChange {
  const held = new Holdings(before);
  const issuers = edited(before.issuers, change.issuers, issuerKind);
  const revocationLists = edited(before.revocationLists, change.revocationLists, revocationListKind);
  const answers = edited(before.answers, change.answers, answerKind);
  const { trustLists, editions, contents: editionContents } = followed(before, change.trustLists);
  const manifest = {
    ...before.manifest,
    write: randomUUID(),
    issuers: namesOf(issuers.pages),
    revocationLists: namesOf(revocationLists.pages),
    answers: namesOf(answers.pages),
    trustLists: [...trustLists.values()].map((list) => storedFollowed(list, editions.get(list.name)?.name)),
  };
  const parts = {
    manifest,
    issuers: issuers.pages,
    revocationLists: revocationLists.pages,
    answers: answers.pages,
    editions,
    trustLists,
  };
  const draft = loadedState(parts, before);
  requireRoom(draft.view, before.view);
  const version = before.manifest.version + (sameSubstance(draft.view, before.view) ? 0 : 1);
  return {
    state: { ...draft, manifest: { ...manifest, version }, view: { ...draft.view, version } },
    contents: [...contentsIn(change, held), ...editionContents],
    pages: [...issuers.written, ...revocationLists.written, ...answers.written],
  };
}

const nameOf = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

const edited = <Entry, Stored>(
  pages: EditedPages<Entry>['pages'],
  edit: Parameters<typeof editPages<Entry, Stored>>[1] | undefined,
  kind: PageKind<Entry, Stored>,
): EditedPages<Entry> =>
  edit === undefined ? { pages, written: [] } : editPages<Entry, Stored>(pages, edit, kind, nameOf);

const issuerKind: PageKind<InstalledIssuer, StoredIssuer> = {
  keyOf: ({ certificate }) => certificate.fingerprint,
  store: ({ certificate: { fingerprint }, ...rest }) => ({ fingerprint, ...rest }),
};

const revocationListKind: PageKind<KnownRevocationList, StoredRevocationList> = {
  keyOf: ({ id }) => id,
  store: ({ list, issuers, ...rest }) => ({
    ...rest,
    ...(list === undefined ? {} : { list: list.fingerprint }),
    ...(issuers === undefined ? {} : { issuers: issuers.map(({ fingerprint }) => fingerprint) }),
  }),
};

const answerKind: PageKind<KnownAnswer, StoredAnswer> = {
  keyOf: ({ id }) => id,
  store: ({ certificate, issuer, answer, ...rest }) => ({
    ...rest,
    certificate: certificate.fingerprint,
    issuer: issuer.fingerprint,
    ...(answer === undefined ? {} : { answer: { content: answer.content, takenAt: answer.takenAt } }),
  }),
};

function storedFollowed(
  { signers, edition: _taken, ...rest }: FollowedList,
  edition: string | undefined,
): StoredFollowedList {
  return {
    ...rest,
    signers: signers.map(({ certificate, ...signer }) => ({ ...signer, certificate: certificate.fingerprint })),
    ...(edition === undefined ? {} : { edition }),
  };
}

interface Followed {
  readonly trustLists: ReadonlyMap<string, FollowedList>;
  readonly editions: ReadonlyMap<string, NamedEdition>;
  readonly contents: readonly Uint8Array[];
}

function followed(before: LoadedState, edit: TrustChange<unknown>['trustLists']): Followed {
  const trustLists = new Map(before.view.trustLists);
  const editions = new Map(before.editions);
  const contents: Uint8Array[] = [];
  for (const name of edit?.remove ?? []) {
    trustLists.delete(name);
    editions.delete(name);
  }
  for (const list of edit?.put ?? []) {
    trustLists.set(list.name, list);
    if (list.edition === undefined) editions.delete(list.name);
    else if (list.edition !== editions.get(list.name)?.edition) {
      const octets = Buffer.from(JSON.stringify(storedEditionOf(list.edition)));
      contents.push(octets);
      editions.set(list.name, { name: nameOf(octets), edition: list.edition });
    }
  }
  return { trustLists, editions, contents };
}

function storedEditionOf({ authorities, broken, ...rest }: TrustListEdition): StoredEdition {
  return {
    ...rest,
    broken: [...broken],
    authorities: authorities.map(({ provider, service, since, certificate, above }) => ({
      provider,
      service,
      since: since.toISOString(),
      certificate: certificate.fingerprint,
      above: above.map(({ fingerprint }) => fingerprint),
    })),
  };
}

/** The octets that a change brings and the state before did not have, each once. */
function contentsIn(change: TrustChange<unknown>, held: Holdings): readonly Uint8Array[] {
  const contents = new Map<string, Uint8Array>();
  for (const { fingerprint, der } of certificatesIn(change)) {
    if (held.certificate(fingerprint) === undefined) contents.set(fingerprint, der);
  }
  for (const { list } of change.revocationLists?.put ?? []) {
    if (list !== undefined && held.list(list.fingerprint) === undefined) contents.set(list.fingerprint, list.der);
  }
  for (const { answer } of change.answers?.put ?? []) {
    if (answer !== undefined) contents.set(answer.content, answer.octets);
  }
  return [...contents.values()];
}
