import { ca, fingerprint, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { CLOCK, cutPage, Serves, unknownPage, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { revocationListView } from '../domain/refresh/list-reading.js';
import { listRemoved } from '../domain/refresh/told-events.js';
import type { RefreshSettings } from '../domain/refresh/settings.js';
import { RecordedActs } from '../operations/refresh-acts.js';
import { ImportRevocationList } from '../operations/refresh-import.js';
import { RevocationLists } from '../operations/refresh-now.js';
import { REFRESH_SETTINGS } from '../ports/refresh-settings.js';

/** What the trail says where all lists are meant. */
const ALL = 'all';
/** Characters of a name of a list in the trail. */
const LONGEST_NAME = 512;

/** Requests about revocation lists. */
@Controller()
export class RevocationListHandlers {
  readonly #lists: RevocationLists;
  readonly #import: ImportRevocationList;
  readonly #acts: RecordedActs;
  readonly #clock: Clock;
  readonly #settings: RefreshSettings;

  constructor(
    @Inject(RevocationLists) lists: RevocationLists,
    @Inject(ImportRevocationList) importing: ImportRevocationList,
    @Inject(RecordedActs) acts: RecordedActs,
    @Inject(CLOCK) clock: Clock,
    @Inject(REFRESH_SETTINGS) settings: RefreshSettings,
  ) {
    this.#lists = lists;
    this.#import = importing;
    this.#acts = acts;
    this.#clock = clock;
    this.#settings = settings;
  }

  @Serves(ca.revocationListList)
  async list({
    limit,
    after,
  }: ParsedRequestOf<typeof ca.revocationListList>): Promise<ReplyOf<typeof ca.revocationListList>> {
    if (after !== undefined && !fingerprint.safeParse(after).success) throw unknownPage(after);
    const lists = (await this.#lists.all()).filter(({ id }) => after === undefined || id > after);
    const { entries, ...rest } = cutPage(lists, { limit, place: ({ id }) => id });
    return { revocationLists: entries, ...rest };
  }

  @Serves(ca.revocationListRefresh)
  async refresh(
    { issuer }: ParsedRequestOf<typeof ca.revocationListRefresh>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.revocationListRefresh>> {
    const act = { act: 'revocation-list.refresh', list: (issuer ?? ALL).slice(0, LONGEST_NAME), actor };
    const { lists, queued } = await this.#acts.onRevocationLists(
      act,
      () => this.#lists.refresh(issuer),
      (read) => ({ lists: read.lists.length, queued: read.queued }),
    );
    // Pages are cut by octets; what does not fit into this one reply is in the list.
    return { revocationLists: cutPage(lists, { limit: lists.length, place: ({ id }) => id }).entries, queued };
  }

  @Serves(ca.revocationListImport)
  async import(
    { content }: ParsedRequestOf<typeof ca.revocationListImport>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.revocationListImport>> {
    const act = { act: 'revocation-list.import', list: content, actor };
    const record = await this.#acts.onRevocationLists(
      act,
      () => this.#import.run(content),
      ({ id, list }) => ({ id, thisUpdate: list?.thisUpdate.toISOString(), entries: list?.entries.size }),
    );
    return { revocationList: revocationListView(record, this.#settings, this.#clock.now()) };
  }

  @Serves(ca.revocationListRemove)
  async remove(
    { id }: ParsedRequestOf<typeof ca.revocationListRemove>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.revocationListRemove>> {
    const act = { act: 'revocation-list.remove', list: id, actor };
    const record = await this.#acts.onRevocationLists(
      act,
      () => this.#import.remove(id, actor),
      ({ list }) => (list === undefined ? {} : listRemoved(id, list)),
    );
    return { revocationList: revocationListView(record, this.#settings, this.#clock.now()) };
  }
}
