import type { Usage } from '@certlane/contracts';
import type { InteroperabilitySet } from '../../support/interoperability/interoperability-set.js';
import type { Label } from '../../support/interoperability/roles.js';
import type { Site } from './company.js';
import { End, USAGES, type Settings } from './end.js';

/** How two stations come to know each other. */
export interface Introduction {
  /** Tells the stations of one story from those of others: capitals and digits, 15 at most. */
  readonly name: string;
  /** What A begins with; CA01 for everything but TLS when left out. B begins with CB01. */
  readonly ours?: readonly (readonly [Label, readonly Usage[]])[];
  /** Settings of A at B. */
  readonly atB?: Settings;
}

/** Two stations, one of each company, that are partners. A story has its own, so that it may change what it likes. */
export class Relation {
  private constructor(
    /** A's side of it. */
    readonly a: End,
    /** B's side of it. */
    readonly b: End,
  ) {}

  /** Between two stations that are there already. */
  static between(sites: Sites, stationA: string, stationB: string): Relation {
    const { set } = sites;
    return new Relation(
      new End(sites.a, { station: stationA, partner: stationB }, set),
      new End(sites.b, { station: stationB, partner: stationA }, set),
    );
  }

  /** Strangers: each has a station and the other as partner, and expects nothing of it yet. */
  static async introduce(sites: Sites, { name, ours = [['CA01', USAGES]], atB = {} }: Introduction): Promise<Relation> {
    const relation = Relation.between(sites, `O0013${name}A`, `O0177${name}B`);
    const { a, b } = relation;
    await Promise.all([a.addStation(), b.addStation()]);
    for (const [label, usages] of ours) await a.use(label, usages);
    await b.use('CB01');
    await Promise.all([a.addPartner(sites.b), b.addPartner(sites.a, atB)]);
    return relation;
  }

  /** Acquaintances: an operator of each side has put the certificates of the other on file, so sessions are authenticated. */
  static async acquaint(sites: Sites, introduction: Introduction): Promise<Relation> {
    const relation = await Relation.introduce(sites, introduction);
    await relation.a.file('CB01');
    for (const [label, usages] of introduction.ours ?? [['CA01', USAGES] as const]) {
      await relation.b.file(label, usages);
    }
    return relation;
  }
}

/** What a relation is made between. */
export interface Sites {
  readonly a: Site;
  readonly b: Site;
  readonly set: InteroperabilitySet;
}
