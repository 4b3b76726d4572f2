import { type Asn1Element, contextConstructed, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { want } from '../asn1/values.js';
import type { Certificate } from '../certificate/index.js';
import { EXTENSION, extensionElement } from '../certificate/extensions.js';
import { type GeneralName, readGeneralName } from '../certificate/general-name.js';
import { excludedKeys, formOf, permittedKey } from './name-keys.js';

/** Subtrees of one name form: permitted ones, if any are stated, and excluded ones, both as the keys of name-keys.ts. */
interface Subtrees {
  readonly permitted: Set<string> | undefined;
  readonly excluded: Set<string>;
}

/** What an authority allows the names below it to be (RFC 5280 §4.2.1.10), ready to be asked. */
export interface NameConstraints {
  /** By form as {@link formOf} names it. */
  readonly forms: ReadonlyMap<string, Subtrees>;
}

/** Why a name may not stand below an authority. */
export type NameViolation = 'not-permitted' | 'excluded' | 'not-comparable';

const read = new WeakMap<Certificate, NameConstraints>();

/**
 * The name constraints of an authority, or undefined where it states none.
 * @throws PkiError for constraints that cannot be read, or that this library cannot honour: a `minimum` or `maximum`, which
 * RFC 5280 §4.2.1.10 forbids, or a base that is none of its form
 */
export function nameConstraintsOf(authority: Certificate): NameConstraints | undefined {
  const known = read.get(authority);
  if (known !== undefined) return known;
  const element = extensionElement(authority, EXTENSION.nameConstraints);
  if (element === undefined) return undefined;
  const constraints = readNameConstraints(element);
  read.set(authority, constraints);
  return constraints;
}

/**
 * How a name of this form (as {@link formOf} names it) offends against the constraints; undefined when it does not
 * (RFC 5280 §6.1.3 (b) and (c)).
 * @param keys of the name, as name-keys.ts gives them
 */
export function violationOf(
  form: string,
  keys: readonly string[] | undefined,
  constraints: NameConstraints,
): NameViolation | undefined {
  const subtrees = constraints.forms.get(form);
  if (subtrees === undefined) return undefined;
  if (keys === undefined) return 'not-comparable';
  const { permitted, excluded } = subtrees;
  if (keys.some((key) => excluded.has(key))) return 'excluded';
  return permitted === undefined || keys.some((key) => permitted.has(key)) ? undefined : 'not-permitted';
}

function readNameConstraints(element: Asn1Element): NameConstraints {
  const fields = Fields.of(element, TAG.sequence, 'nameConstraints');
  const permitted = basesOf(fields.optional(contextConstructed(0)), 'permittedSubtrees');
  const excluded = basesOf(fields.optional(contextConstructed(1)), 'excludedSubtrees');
  fields.end();
  if (permitted.length + excluded.length === 0) throw malformed('nameConstraints is empty');
  const forms = new Map<string, Subtrees>();
  for (const base of permitted) {
    const form = formOf(base);
    const subtrees = forms.get(form) ?? { permitted: new Set(), excluded: new Set() };
    forms.set(form, subtrees);
    subtrees.permitted?.add(permittedKey(base));
  }
  for (const base of excluded) {
    const form = formOf(base);
    const subtrees = forms.get(form) ?? { permitted: undefined, excluded: new Set() };
    forms.set(form, subtrees);
    for (const key of excludedKeys(base)) subtrees.excluded.add(key);
  }
  return { forms };
}

function basesOf(element: Asn1Element | undefined, field: string): readonly GeneralName[] {
  if (element === undefined) return [];
  if (element.children.length === 0) throw malformed(`${field} is empty`);
  return element.children.map((subtree) => {
    const [base, more] = want(subtree, TAG.sequence, `a subtree of ${field}`).children;
    if (base === undefined) throw malformed(`a subtree of ${field} has no base`);
    // minimum 0 is the default, which DER leaves out; anything that stands here restricts in a way nobody implements.
    if (more !== undefined) throw malformed(`a subtree of ${field} has a minimum or maximum`);
    return readGeneralName(base, `a base of ${field}`);
  });
}
