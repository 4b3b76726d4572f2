import type { Certificate } from '../certificate/index.js';
import type { GeneralName } from '../certificate/general-name.js';
import { isPkiError } from '../errors.js';
import { failed, passed, shortName } from './check-results.js';
import { constrainedNames, describeName } from './constrained-names.js';
import { type NameConstraints, nameConstraintsOf, type NameViolation, violationOf } from './name-constraints.js';
import { formOf, keysOf } from './name-keys.js';
import type { PathCheck, PathContext } from './verdict.js';

const SAID: Readonly<Record<NameViolation, (name: string, authority: string) => string>> = {
  'not-permitted': (name, authority) => `has the ${name}, which ${authority} does not permit`,
  excluded: (name, authority) => `has the ${name}, which ${authority} excludes`,
  'not-comparable': (name, authority) =>
    `has the ${name}, which cannot be compared with what ${authority} permits and excludes`,
};

/** A name with the keys of all subtrees it lies in; undefined where it cannot be compared. */
interface PreparedName {
  readonly name: GeneralName;
  readonly form: string;
  readonly keys: readonly string[] | undefined;
}

/** Holds the paths of one search to their name constraints; the names of a certificate are prepared once for all of them. */
export class NameInquiry {
  readonly #prepared = new Map<Certificate, readonly PreparedName[]>();

  constructor(private readonly spend: PathContext['spend']) {}

  /**
   * Every name against the name constraints of every authority above it, the anchor included (RFC 5280 §6.1.3 (b) and (c),
   * §6.1.4 (g)). Self-issued authorities are not held to them, a self-issued end of the path is.
   */
  judge(path: readonly Certificate[]): readonly PathCheck[] {
    return path.flatMap((certificate, at) =>
      at > 0 && at === path.length - 1 ? [] : [this.#judgeOne(path, at, certificate)],
    );
  }

  #judgeOne(path: readonly Certificate[], at: number, certificate: Certificate): PathCheck {
    const constraining: (readonly [Certificate, NameConstraints])[] = [];
    for (const authority of path.slice(at + 1)) {
      try {
        const constraints = nameConstraintsOf(authority);
        if (constraints !== undefined) constraining.push([authority, constraints]);
      } catch (error) {
        if (!isPkiError(error)) throw error;
        const message = `stands below ${shortName(authority)}, whose name constraints cannot be read: ${error.message}`;
        return failed('name-constraints', certificate, message);
      }
    }
    if (constraining.length === 0) return passed('name-constraints', certificate, 'has no name constraints above it');
    if (at > 0 && certificate.selfIssued) {
      return passed('name-constraints', certificate, 'is self-issued and not held to the name constraints above it');
    }
    try {
      const message = this.#offence(this.#namesOf(certificate, at === 0), constraining);
      return message === undefined
        ? passed('name-constraints', certificate, 'keeps to the name constraints above it')
        : failed('name-constraints', certificate, message);
    } catch (error) {
      if (!isPkiError(error)) throw error;
      const message = `has names that cannot be compared with the name constraints above it: ${error.message}`;
      return failed('name-constraints', certificate, message);
    }
  }

  #offence(
    names: readonly PreparedName[],
    constraining: readonly (readonly [Certificate, NameConstraints])[],
  ): string | undefined {
    for (const [authority, constraints] of constraining) {
      for (const { name, form, keys } of names) {
        this.spend('nameWork', keys?.length ?? 1);
        const violation = violationOf(form, keys, constraints);
        if (violation !== undefined) return SAID[violation](describeName(name), shortName(authority));
      }
    }
    return undefined;
  }

  #namesOf(certificate: Certificate, isTarget: boolean): readonly PreparedName[] {
    const known = this.#prepared.get(certificate);
    if (known !== undefined) return known;
    const names = constrainedNames(certificate, isTarget).map((name): PreparedName => {
      const keys = keysOf(name);
      for (const key of keys ?? []) this.spend('nameWork', key.length);
      return { name, form: formOf(name), keys };
    });
    this.#prepared.set(certificate, names);
    return names;
  }
}
