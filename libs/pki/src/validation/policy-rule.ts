import { isPkiError } from '../errors.js';
import type { Certificate } from '../certificate/index.js';
import { failed, passed, shortName } from './check-results.js';
import { type PolicyExtensions, policyExtensionsOf } from './policy-extensions.js';
import { PolicyGraph } from './policy-graph.js';
import type { InitialPolicies, PathCheck, PathContext } from './verdict.js';

/** What became of the policies of a path. */
export interface PolicyOutcome {
  readonly check: PathCheck;
  /** The policies under which the path stands, dotted; empty when it stands under none or the check failed. */
  readonly policies: readonly string[];
}

/**
 * Certificate policies over a whole path: RFC 5280 §6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5 (a), (b), (g).
 *
 * RFC 5280 takes nothing from the anchor but its name and key. What an installed authority says itself about policies counts
 * here nevertheless, as that of any other, since it was held to it when it was issued (RFC 5937 §3.2 allows for it); that it says
 * nothing is not held against it.
 */
export function judgePolicies({ certificates, policies: initial = {}, spend }: PathContext): PolicyOutcome {
  const [target] = certificates;
  if (target === undefined) throw new TypeError('A path has at least one certificate.');
  let current: Certificate = target;
  try {
    const state = new PolicyState(initial, certificates.length);
    for (let at = certificates.length - 1; at >= 0; at -= 1) {
      current = certificates[at] ?? target;
      const isAnchor = at > 0 && at === certificates.length - 1;
      const missing = state.take(current, isAnchor ? 'anchor' : at > 0 ? 'between' : 'target');
      spend('policyWork', state.size);
      if (missing !== undefined) return { check: failed('policies', current, missing), policies: [] };
    }
    return state.end(target, initial.accepted);
  } catch (error) {
    if (!isPkiError(error)) throw error;
    return { check: failed('policies', current, `has policies that cannot be judged: ${error.message}`), policies: [] };
  }
}

type Place = 'anchor' | 'between' | 'target';

/** The state variables of RFC 5280 §6.1.2 (a) and (d) to (f). */
class PolicyState {
  readonly #graph = new PolicyGraph();
  #explicitPolicy: number;
  #policyMapping: number;
  #inhibitAnyPolicy: number;
  /** Who asks for an explicit policy, for messages. */
  #requiredBy = 'the one who asks';

  constructor(initial: InitialPolicies, pathLength: number) {
    // One more than any path can count down.
    const never = pathLength + 1;
    this.#explicitPolicy = initial.explicit === true ? 0 : never;
    this.#policyMapping = initial.inhibitMapping === true ? 0 : never;
    this.#inhibitAnyPolicy = initial.inhibitAny === true ? 0 : never;
  }

  /** Policies and mappings that the next certificate has to be held against. */
  get size(): number {
    return this.#graph.size;
  }

  /** Goes on by one certificate from the anchor's side; returns why the path fails at it, if it does. */
  take(certificate: Certificate, place: Place): string | undefined {
    const extensions = policyExtensionsOf(certificate);
    const anyCounts = this.#inhibitAnyPolicy > 0 || (place !== 'target' && certificate.selfIssued);
    if (extensions.policies !== undefined) this.#graph.descend(extensions.policies, anyCounts);
    else if (place !== 'anchor') this.#graph.clear();
    if (this.#graph.empty && this.#explicitPolicy === 0) return this.#missing();
    if (place === 'target') this.#wrapUp(extensions);
    else this.#prepare(certificate, extensions);
    return undefined;
  }

  /** RFC 5280 §6.1.5 (g) */
  end(target: Certificate, accepted: readonly string[] | undefined): PolicyOutcome {
    const policies = this.#graph.result(accepted === undefined ? undefined : new Set(accepted));
    if (policies.length > 0) {
      return { check: passed('policies', target, `stands under the policies ${listed(policies)}`), policies };
    }
    if (this.#explicitPolicy > 0) {
      return { check: passed('policies', target, 'stands under no policy, and none is required'), policies };
    }
    const others = this.#graph.result(undefined);
    const message =
      others.length === 0
        ? this.#missing()
        : `stands under the policies ${listed(others)}, but ${listed(accepted ?? [])} is required`;
    return { check: failed('policies', target, message), policies };
  }

  /** RFC 5280 §6.1.4 (b), (h) to (j) */
  #prepare(certificate: Certificate, extensions: PolicyExtensions): void {
    this.#graph.map(extensions.mappings, this.#policyMapping > 0);
    if (!certificate.selfIssued) {
      this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
      this.#policyMapping = Math.max(0, this.#policyMapping - 1);
      this.#inhibitAnyPolicy = Math.max(0, this.#inhibitAnyPolicy - 1);
    }
    const { requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = extensions;
    if (requireExplicitPolicy !== undefined && requireExplicitPolicy < this.#explicitPolicy) {
      this.#explicitPolicy = requireExplicitPolicy;
      this.#requiredBy = shortName(certificate);
    }
    this.#policyMapping = Math.min(this.#policyMapping, inhibitPolicyMapping ?? Infinity);
    this.#inhibitAnyPolicy = Math.min(this.#inhibitAnyPolicy, inhibitAnyPolicy ?? Infinity);
  }

  /** RFC 5280 §6.1.5 (a) and (b) */
  #wrapUp({ requireExplicitPolicy }: PolicyExtensions): void {
    this.#explicitPolicy = Math.max(0, this.#explicitPolicy - 1);
    if (requireExplicitPolicy === 0) {
      this.#explicitPolicy = 0;
      this.#requiredBy = 'it';
    }
  }

  #missing(): string {
    return `stands under no policy that every authority above it allows, which ${this.#requiredBy} requires`;
  }
}

const MAXIMUM_LISTED = 8;

function listed(policies: readonly string[]): string {
  const shown = policies.slice(0, MAXIMUM_LISTED).join(', ');
  const more = policies.length - MAXIMUM_LISTED;
  return more > 0 ? `${shown} and ${more} more` : shown || 'none';
}
