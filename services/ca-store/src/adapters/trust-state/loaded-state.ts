import type { Certificate, RevocationList } from '@certlane/pki';
import { EMPTY_VIEW, trustViewOf } from '../../domain/trust-view.js';
import type {
  FollowedList,
  InstalledIssuer,
  KnownAnswer,
  KnownRevocationList,
  TrustListEdition,
  TrustView,
} from '../../ports/trust-state.js';
import { entriesOf, type Pages } from './pages.js';
import { type Manifest, NO_MANIFEST } from './stored-forms.js';

/** What was taken from a trust list, with the name of the content that says so. */
export interface NamedEdition {
  readonly name: string;
  readonly edition: TrustListEdition;
}

/** One state as it is in force, in memory. */
export interface LoadedState {
  readonly manifest: Manifest;
  readonly view: TrustView;
  readonly issuers: Pages<InstalledIssuer>;
  readonly revocationLists: Pages<KnownRevocationList>;
  readonly answers: Pages<KnownAnswer>;
  /** Editions in use, by the name of their trust list. */
  readonly editions: ReadonlyMap<string, NamedEdition>;
}

/** The state before the first write. */
export const NOTHING_LOADED: LoadedState = {
  manifest: NO_MANIFEST,
  view: EMPTY_VIEW,
  issuers: new Map(),
  revocationLists: new Map(),
  answers: new Map(),
  editions: new Map(),
};

/**
 * A state made of these parts.
 * @param before what it was made from: what is equal is shared with it
 */
export function loadedState(
  parts: Omit<LoadedState, 'view'> & { readonly trustLists: ReadonlyMap<string, FollowedList> },
  before: LoadedState,
): LoadedState {
  const { trustLists, ...rest } = parts;
  const { manifest, issuers, revocationLists, answers } = rest;
  const view = trustViewOf(
    {
      version: manifest.version,
      trustLists,
      issuers: issuers === before.issuers ? before.view.issuers : entriesOf(issuers),
      revocationLists:
        revocationLists === before.revocationLists ? before.view.revocationLists : entriesOf(revocationLists),
      answers: answers === before.answers ? before.view.answers : entriesOf(answers),
    },
    before.view,
  );
  return { ...rest, view };
}

/** What a state has in memory, by the names of its contents: not to be read, parsed or written again. */
export class Holdings {
  readonly #view: TrustView;
  readonly #certificates = new Map<string, Certificate>();
  readonly #lists = new Map<string, RevocationList>();
  readonly #editions: LoadedState['editions'];

  constructor({ view, editions }: LoadedState) {
    this.#view = view;
    this.#editions = editions;
    const keep = (certificate: Certificate) => void this.#certificates.set(certificate.fingerprint, certificate);
    for (const { signers } of view.trustLists.values()) for (const { certificate } of signers) keep(certificate);
    for (const { list, issuers = [] } of view.revocationLists.values()) {
      issuers.forEach(keep);
      if (list !== undefined) this.#lists.set(list.fingerprint, list);
    }
    for (const { certificate, issuer } of view.answers.values()) {
      keep(certificate);
      keep(issuer);
    }
  }

  certificate(fingerprint: string): Certificate | undefined {
    return this.#view.known.get(fingerprint) ?? this.#certificates.get(fingerprint);
  }

  list(fingerprint: string): RevocationList | undefined {
    return this.#lists.get(fingerprint);
  }

  edition(trustList: string, name: string): NamedEdition | undefined {
    const edition = this.#editions.get(trustList);
    return edition?.name === name ? edition : undefined;
  }
}

/** Names of all contents that a state is made of. */
export function contentsOf({ manifest, view, editions }: LoadedState): Set<string> {
  const names = new Set<string>();
  for (const pages of [manifest.issuers, manifest.revocationLists, manifest.answers])
    for (const name of Object.values(pages)) names.add(name);
  const certificate = ({ fingerprint }: Certificate) => void names.add(fingerprint);
  for (const issuer of view.issuers.values()) certificate(issuer.certificate);
  for (const { signers } of view.trustLists.values()) for (const signer of signers) certificate(signer.certificate);
  for (const { name, edition } of editions.values()) {
    names.add(name).add(edition.content);
    for (const authority of edition.authorities) [authority.certificate, ...authority.above].forEach(certificate);
  }
  for (const { list, issuers = [] } of view.revocationLists.values()) {
    if (list !== undefined) names.add(list.fingerprint);
    issuers.forEach(certificate);
  }
  for (const answer of view.answers.values()) {
    certificate(answer.certificate);
    certificate(answer.issuer);
    if (answer.answer !== undefined) names.add(answer.answer.content);
  }
  return names;
}
