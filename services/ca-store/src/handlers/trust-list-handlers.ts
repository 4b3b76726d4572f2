import { ca, fingerprint, type ParsedRequestOf, type ReplyOf } from '@certlane/contracts';
import { summaryOf } from '@certlane/pki';
import { CLOCK, cutPage, Serves, unknownPage, type Call, type Clock } from '@certlane/runtime';
import { Controller, Inject } from '@nestjs/common';
import { receiveCertificate } from '../domain/received-certificate.js';
import type { TriedList } from '../domain/trust-list/following.js';
import { trustListView } from '../domain/trust-list/list-view.js';
import { RecordedActs } from '../operations/refresh-acts.js';
import { TrustLists } from '../operations/trust-lists.js';
import type { FollowedList } from '../ports/trust-state.js';

/** Broken entries that the list of all lists shows of each: it is one reply; the list itself shows the others. */
const BROKEN_IN_LIST = 20;

/** Requests about trust lists. */
@Controller()
export class TrustListHandlers {
  readonly #lists: TrustLists;
  readonly #acts: RecordedActs;
  readonly #clock: Clock;

  constructor(
    @Inject(TrustLists) lists: TrustLists,
    @Inject(RecordedActs) acts: RecordedActs,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#lists = lists;
    this.#acts = acts;
    this.#clock = clock;
  }

  @Serves(ca.trustListAdd)
  async add(wish: ParsedRequestOf<typeof ca.trustListAdd>, { actor }: Call): Promise<ReplyOf<typeof ca.trustListAdd>> {
    const { name, level, url, content } = wish;
    const signers = wish.signers.map((base64, index) => receiveCertificate(`signers.${index}`, base64));
    const act = { act: 'trust-list.add', list: name, actor, certificates: signers };
    return this.#tried(
      await this.#acts.onReading(act, () => this.#lists.add({ name, level, url, content, signers }, actor)),
    );
  }

  @Serves(ca.trustListSet)
  async set(
    { name, url }: ParsedRequestOf<typeof ca.trustListSet>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.trustListSet>> {
    const before = { url: (await this.#lists.get(name)).url };
    const act = { act: 'trust-list.set', list: name, actor, before };
    return this.#tried(await this.#acts.onReading(act, () => this.#lists.set(name, url)));
  }

  @Serves(ca.trustListImport)
  async import(
    { name, content }: ParsedRequestOf<typeof ca.trustListImport>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.trustListImport>> {
    const act = { act: 'trust-list.import', list: name, actor, before: { content } };
    return this.#reply(await this.#acts.onTrustList(act, () => this.#lists.import(name, content)));
  }

  @Serves(ca.trustListList)
  async list(): Promise<ReplyOf<typeof ca.trustListList>> {
    const now = this.#clock.now();
    const views = (await this.#lists.all()).map((followed) => trustListView(followed, now));
    return { trustLists: views.map((view) => ({ ...view, broken: view.broken.slice(0, BROKEN_IN_LIST) })) };
  }

  @Serves(ca.trustListGet)
  async get({ name, limit, after }: ParsedRequestOf<typeof ca.trustListGet>): Promise<ReplyOf<typeof ca.trustListGet>> {
    if (after !== undefined && !fingerprint.safeParse(after).success) throw unknownPage(after);
    const followed = await this.#lists.get(name);
    const authorities = (followed.edition?.authorities ?? [])
      .map(({ certificate, service }) => ({ ...summaryOf(certificate), service }))
      .filter((one) => after === undefined || one.fingerprint > after)
      .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    const { entries, ...rest } = cutPage(authorities, { limit, place: (one) => one.fingerprint });
    return { ...this.#reply(followed), authorities: entries, ...rest };
  }

  @Serves(ca.trustListRefresh)
  async refresh(
    { name }: ParsedRequestOf<typeof ca.trustListRefresh>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.trustListRefresh>> {
    const act = { act: 'trust-list.refresh', list: name, actor };
    return this.#tried(await this.#acts.onReading(act, () => this.#lists.refresh(name)));
  }

  @Serves(ca.trustListRemove)
  async remove(
    { name }: ParsedRequestOf<typeof ca.trustListRemove>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.trustListRemove>> {
    await this.#acts.onTrustList({ act: 'trust-list.remove', list: name, actor }, () =>
      this.#lists.remove(name, actor),
    );
    return {};
  }

  @Serves(ca.signerStage)
  async stage(
    { name, certificate }: ParsedRequestOf<typeof ca.signerStage>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.signerStage>> {
    const signer = receiveCertificate('certificate', certificate);
    const act = { act: 'trust-list-signer.stage', list: name, actor, certificates: [signer] };
    return this.#reply(await this.#acts.onTrustList(act, () => this.#lists.stage(name, signer, actor)));
  }

  @Serves(ca.signerConfirm)
  async confirm(
    { name, fingerprint: meant }: ParsedRequestOf<typeof ca.signerConfirm>,
    { actor }: Call,
  ): Promise<ReplyOf<typeof ca.signerConfirm>> {
    const staged = await this.#lists.staged(name);
    const certificates = staged === undefined ? [] : [staged];
    const act = { act: 'trust-list-signer.confirm', list: name, actor, certificates };
    return this.#reply(await this.#acts.onTrustList(act, () => this.#lists.confirm(name, meant, actor)));
  }

  #tried({ followed, queued }: TriedList): ReplyOf<typeof ca.trustListAdd> {
    return { ...this.#reply(followed), queued };
  }

  #reply(followed: FollowedList): ReplyOf<typeof ca.trustListImport> {
    return { trustList: trustListView(followed, this.#clock.now()) };
  }
}
