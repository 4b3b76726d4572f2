import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANY_POLICY } from './policy-extensions.js';
import { PolicyGraph } from './policy-graph.js';

/** One certificate as the graph is told of it. */
interface Step {
  readonly policies: ReadonlySet<string> | undefined;
  readonly anyCounts: boolean;
  readonly mappings: ReadonlyMap<string, ReadonlySet<string>>;
  readonly mappingAllowed: boolean;
}

interface TreeNode {
  policy: string;
  expected: Set<string>;
  children: TreeNode[];
}

/** The tree of RFC 5280 §6.1 to the letter, which grows without bound: the oracle. */
class ReferenceTree {
  private root: TreeNode | undefined = { policy: ANY_POLICY, expected: new Set([ANY_POLICY]), children: [] };
  private depth = 0;

  get empty(): boolean {
    return this.root === undefined;
  }

  private at(depth: number): TreeNode[] {
    let nodes = this.root === undefined ? [] : [this.root];
    for (let i = 0; i < depth; i += 1) nodes = nodes.flatMap(({ children }) => children);
    return nodes;
  }

  private prune(): void {
    const keep = (node: TreeNode, depth: number): boolean => {
      if (depth === this.depth) return true;
      node.children = node.children.filter((child) => keep(child, depth + 1));
      return node.children.length > 0;
    };
    if (this.root !== undefined && !keep(this.root, 0)) this.root = undefined;
  }

  take({ policies, anyCounts }: Step): void {
    const parents = this.at(this.depth);
    this.depth += 1;
    if (policies === undefined) {
      this.root = undefined;
      return;
    }
    const grow = (parent: TreeNode, policy: string): void => {
      parent.children.push({ policy, expected: new Set([policy]), children: [] });
    };
    for (const policy of policies) {
      if (policy === ANY_POLICY) continue;
      const matching = parents.filter(({ expected }) => expected.has(policy));
      for (const parent of matching) grow(parent, policy);
      if (matching.length === 0) for (const parent of parents) if (parent.policy === ANY_POLICY) grow(parent, policy);
    }
    if (policies.has(ANY_POLICY) && anyCounts) {
      for (const parent of parents) {
        for (const policy of parent.expected) {
          if (!parent.children.some((child) => child.policy === policy)) grow(parent, policy);
        }
      }
    }
    this.prune();
  }

  map({ mappings, mappingAllowed }: Step): void {
    for (const [from, to] of mappings) {
      if (!mappingAllowed) {
        for (const parent of this.at(this.depth - 1)) {
          parent.children = parent.children.filter(({ policy }) => policy !== from);
        }
        this.prune();
        continue;
      }
      const nodes = this.at(this.depth).filter(({ policy }) => policy === from);
      for (const node of nodes) node.expected = new Set(to);
      if (nodes.length > 0) continue;
      for (const parent of this.at(this.depth - 1)) {
        if (parent.policy !== ANY_POLICY || !parent.children.some(({ policy }) => policy === ANY_POLICY)) continue;
        parent.children.push({ policy: from, expected: new Set(to), children: [] });
      }
    }
  }

  /** Whether the tree is there after the intersection of RFC 5280 §6.1.5 (g). */
  survives(accepted: ReadonlySet<string>): boolean {
    const cut = (node: TreeNode, underAny: boolean, depth: number): boolean => {
      if (underAny && node.policy !== ANY_POLICY && !accepted.has(node.policy)) return false;
      if (depth === this.depth) return node.policy !== ANY_POLICY || accepted.size > 0;
      return node.children.some((child) => cut(child, node.policy === ANY_POLICY, depth + 1));
    };
    return this.root !== undefined && cut(this.root, false, 0);
  }
}

const POLICIES = ['1.1', '1.2', '1.3', '1.4'];
const somePolicy = fc.constantFrom(...POLICIES);
const step: fc.Arbitrary<Step> = fc.record({
  policies: fc.option(
    fc.uniqueArray(fc.constantFrom(...POLICIES, ANY_POLICY), { minLength: 1 }).map((all) => new Set(all)),
    { nil: undefined, freq: 20 },
  ),
  anyCounts: fc.boolean(),
  mappings: fc
    .array(fc.tuple(somePolicy, fc.uniqueArray(somePolicy, { minLength: 1 })), { maxLength: 3 })
    .map((pairs) => new Map(pairs.map(([from, to]) => [from, new Set(to)]))),
  mappingAllowed: fc.boolean(),
});

describe('the policy graph', () => {
  it('answers every question as the tree of RFC 5280 does', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), fc.subarray(POLICIES), (steps, user) => {
        const graph = new PolicyGraph();
        const tree = new ReferenceTree();
        for (const [at, one] of steps.entries()) {
          if (one.policies === undefined) graph.clear();
          else graph.descend(one.policies, one.anyCounts);
          tree.take(one);
          expect(graph.empty).toBe(tree.empty);
          if (at === steps.length - 1) continue;
          graph.map(one.mappings, one.mappingAllowed);
          tree.map(one);
          expect(graph.empty).toBe(tree.empty);
        }
        const accepted = new Set(user);
        expect(graph.result(accepted).length > 0).toBe(tree.survives(accepted));
        expect(graph.result(undefined).length > 0).toBe(!tree.empty);
        // Each policy that is told alone lets the path through.
        for (const policy of graph.result(undefined)) {
          if (policy !== ANY_POLICY) expect(tree.survives(new Set([policy]))).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('takes from whoever asks the policies where the path holds any', () => {
    const graph = new PolicyGraph();
    graph.descend(new Set([ANY_POLICY]), true);
    expect(graph.result(undefined)).toEqual([ANY_POLICY]);
    expect(graph.result(new Set(['1.2', '1.1']))).toEqual(['1.2', '1.1']);
    expect(graph.result(new Set())).toEqual([]);
  });

  it('stays small where the tree would double with every certificate', () => {
    const graph = new PolicyGraph();
    const policies = Array.from({ length: 400 }, (_, i) => `1.3.${i}`);
    // Every policy is mapped to two, so that each has two parents at each level: 2^64 leaves in the tree.
    const crossed = new Map(policies.map((policy, i) => [policy, new Set([policy, policies[(i + 1) % 400]!])]));
    for (let depth = 0; depth < 64; depth += 1) {
      graph.descend(new Set(policies), true);
      graph.map(crossed, true);
    }
    expect(graph.result(new Set(['1.3.7']))).toEqual(['1.3.7']);
  });
});
