import { ANY_POLICY } from './policy-extensions.js';

interface PolicyNode {
  readonly policy: string;
  /** Policies of the next certificate that fulfil this one. */
  readonly expected: ReadonlySet<string>;
  readonly parents: readonly PolicyNode[];
}

/**
 * The valid policy tree of RFC 5280 §6.1.2 (a), with nodes of equal policy at equal depth united. Each way through the tree is a way through
 * the graph, so every question has the same answer; but its size grows with what the certificates hold, where the tree's can
 * double with each certificate (the attack of CVE-2023-0464). No node is pruned: one without children is simply not met on the
 * way up from the last level.
 */
export class PolicyGraph {
  #level = new Map<string, PolicyNode>([
    [ANY_POLICY, { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), parents: [] }],
  ]);

  /** Whether no policy is left: the tree is NULL. */
  get empty(): boolean {
    return this.#level.size === 0;
  }

  /** How much the next level has to go through: the policies of this one and those they are mapped to. */
  get size(): number {
    let size = this.#level.size;
    for (const { expected } of this.#level.values()) size += expected.size;
    return size;
  }

  /** A certificate without policies ends all of them (RFC 5280 §6.1.3 (e)). */
  clear(): void {
    this.#level = new Map();
  }

  /**
   * One level down for a certificate with these policies (RFC 5280 §6.1.3 (d)).
   * @param anyCounts whether anyPolicy among them counts
   */
  descend(policies: ReadonlySet<string>, anyCounts: boolean): void {
    const expecting = new Map<string, PolicyNode[]>();
    for (const node of this.#level.values()) {
      for (const policy of node.expected) {
        const nodes = expecting.get(policy);
        if (nodes === undefined) expecting.set(policy, [node]);
        else nodes.push(node);
      }
    }
    const any = this.#level.get(ANY_POLICY);
    const next = new Map<string, PolicyNode>();
    const add = (policy: string, parents: readonly PolicyNode[]): void => {
      next.set(policy, { policy, expected: new Set([policy]), parents });
    };
    for (const policy of policies) {
      const parents = expecting.get(policy) ?? (any === undefined ? undefined : [any]);
      if (policy !== ANY_POLICY && parents !== undefined) add(policy, parents);
    }
    if (anyCounts && policies.has(ANY_POLICY)) {
      for (const [policy, parents] of expecting) if (!next.has(policy)) add(policy, parents);
    }
    this.#level = next;
  }

  /**
   * Applies the mappings of an authority (RFC 5280 §6.1.4 (b)).
   * @param allowed false: a policy that is mapped ends here
   */
  map(mappings: ReadonlyMap<string, ReadonlySet<string>>, allowed: boolean): void {
    const any = this.#level.get(ANY_POLICY);
    for (const [policy, expected] of mappings) {
      const node = this.#level.get(policy);
      if (!allowed) this.#level.delete(policy);
      else if (node !== undefined) this.#level.set(policy, { ...node, expected });
      else if (any !== undefined) this.#level.set(policy, { policy, expected, parents: any.parents });
    }
  }

  /**
   * The policies under which the whole path stands, in the terms of the anchor's side (RFC 5280 §6.1.5 (g)).
   * @param accepted user-initial-policy-set; undefined means any policy
   * @returns dotted policies; `ANY_POLICY` where all are held
   */
  result(accepted: ReadonlySet<string> | undefined): readonly string[] {
    const held = this.#domainPolicies();
    if (accepted === undefined || accepted.has(ANY_POLICY)) return held;
    return held.includes(ANY_POLICY) ? [...accepted] : held.filter((policy) => accepted.has(policy));
  }

  /** The policies whose parent is anyPolicy, as far as something of the last level stands on them. */
  #domainPolicies(): readonly string[] {
    const met = new Set<PolicyNode>(this.#level.values());
    const held = new Set<string>();
    // A Set is walked in the order of entry, what is added on the way included.
    for (const node of met) {
      const ofDomain = node.parents.some(({ policy }) => policy === ANY_POLICY);
      if (ofDomain && node.policy !== ANY_POLICY) held.add(node.policy);
      for (const parent of node.parents) met.add(parent);
    }
    if (this.#level.has(ANY_POLICY)) held.add(ANY_POLICY);
    return [...held].sort();
  }
}
