import { describe, expect, it } from '@jest/globals';
import { explicit, implicit, integer, objectIdentifier, sequence } from '../asn1/write.js';
import type { Certificate } from '../certificate/index.js';
import { extension } from '../issuing/extension-values.js';
import {
  certificatePolicies,
  inhibitAnyPolicy,
  policyConstraints,
  policyMappings,
} from '../testing/path-extensions.js';
import { TestAuthority } from '../testing/test-authority.js';
import { testKey } from '../testing/test-keys.js';
import { ANY_POLICY } from './policy-extensions.js';
import { type PathInput, validatePath } from './validate-path.js';
import type { PathVerdict } from './verdict.js';

const now = new Date('2026-03-01T12:00:00Z');
const key = testKey('policies');
const root = TestAuthority.root('Policy Root', now, { key });
const [GOLD, SILVER] = ['1.3.6.1.4.1.55555.2.1', '1.3.6.1.4.1.55555.2.2'];

/** A path below `top`: the extensions of one authority after the other, then those of the leaf. */
function pathOf(authorities: readonly (readonly Uint8Array[])[], leaf: readonly Uint8Array[], top = root): PathInput {
  const intermediates: Certificate[] = [];
  let issuer = top;
  for (const [at, extensions] of authorities.entries()) {
    issuer = issuer.subordinate(`Policy CA ${at + 1}`, { key, extensions });
    intermediates.push(issuer.certificate);
  }
  const certificate = issuer.subordinate('Leaf', { key, basicConstraints: 'none', keyUsage: 'none', extensions: leaf });
  return { certificate: certificate.certificate, intermediates, anchors: [top.certificate], at: now };
}

const told = (input: PathInput): string => {
  const verdict: PathVerdict = validatePath(input);
  const check = verdict.checks.find((one) => one.check === 'policies');
  expect(verdict.trusted).toBe(check?.ok);
  return check?.message ?? 'not looked at';
};

const gold = certificatePolicies(GOLD);
const silver = certificatePolicies(SILVER);
const strict = policyConstraints({ explicit: 0 });

describe('certificate policies', () => {
  it('bind nobody where nobody asks', () => {
    expect(told(pathOf([[gold]], [silver]))).toBe('"Leaf" stands under no policy, and none is required.');
    expect(told(pathOf([[gold]], [gold]))).toBe(`"Leaf" stands under the policies ${GOLD}.`);
  });

  it('say who asks and at which certificate none is left', () => {
    expect(told(pathOf([[gold, strict]], [silver]))).toBe(
      '"Leaf" stands under no policy that every authority above it allows, which "Policy CA 1" requires.',
    );
    expect(told({ ...pathOf([[]], [gold]), policies: { explicit: true } })).toBe(
      '"Policy CA 1" stands under no policy that every authority above it allows, which the one who asks requires.',
    );
    expect(told(pathOf([[gold]], [silver, strict]))).toMatch(/"Leaf" .* which it requires\.$/);
    expect(told({ ...pathOf([[gold]], [gold]), policies: { explicit: true, accepted: [SILVER] } })).toBe(
      `"Leaf" stands under the policies ${GOLD}, but ${SILVER} is required.`,
    );
  });

  it.each([
    ['allows policies', { accepted: [GOLD], explicit: true }, true],
    ['takes anyPolicy for all', { accepted: [SILVER, ANY_POLICY], explicit: true }, true],
    ['accepts none', { accepted: [], explicit: true }, false],
    ['accepts none, but does not ask for an explicit one', { accepted: [] }, true],
    ['shuts out anyPolicy', { explicit: true, inhibitAny: true }, false],
  ])('heed whoever asks and %s', (_, policies, trusted) => {
    const input = pathOf([[certificatePolicies(ANY_POLICY)]], [gold]);
    expect(validatePath({ ...input, policies }).trusted).toBe(trusted);
  });

  it('are mapped unless that is inhibited', () => {
    const mapped = pathOf([[gold, policyMappings([GOLD, SILVER]), strict]], [silver]);
    expect(told(mapped)).toBe(`"Leaf" stands under the policies ${GOLD}.`);
    expect(told({ ...mapped, policies: { inhibitMapping: true } })).toMatch(/stands under no policy/);
    const inhibited = pathOf(
      [
        [gold, policyConstraints({ mapping: 0 })],
        [gold, policyMappings([GOLD, SILVER]), strict],
      ],
      [silver],
    );
    expect(told(inhibited)).toMatch(/stands under no policy/);
  });

  it('are not all held once anyPolicy is inhibited', () => {
    const any = certificatePolicies(ANY_POLICY);
    expect(validatePath(pathOf([[any, strict, inhibitAnyPolicy(1)], [any]], [gold])).trusted).toBe(true);
    expect(validatePath(pathOf([[any, strict, inhibitAnyPolicy(0)], [any]], [gold])).trusted).toBe(false);
  });

  it('of the anchor bind where it states any, and its silence is not held against it', () => {
    const top = (...extensions: Uint8Array[]): TestAuthority =>
      TestAuthority.root('Strict Root', now, { key, extensions });
    expect(told(pathOf([], [silver], top(gold, strict)))).toMatch(/which "Strict Root" requires/);
    expect(told(pathOf([], [gold], top(gold, strict)))).toMatch(/stands under the policies/);
    expect(told(pathOf([], [gold], top(strict)))).toMatch(/stands under the policies/);
  });

  it('are judged for an installed certificate that stands alone', () => {
    const alone = { ...pathOf([], [], root), certificate: root.certificate, anchorMayBeCertificate: true };
    expect(told(alone)).toMatch(/stands under no policy, and none is required/);
    expect(validatePath({ ...alone, policies: { explicit: true } }).trusted).toBe(false);
  });

  it('are listed up to a bound in messages', () => {
    const many = certificatePolicies(...Array.from({ length: 300 }, (_, i) => `1.3.6.${i}`));
    expect(told(pathOf([[many]], [many]))).toMatch(
      /^"Leaf" stands under the policies (?:1\.3\.6\.\d+,? ){8}and 292 more\.$/,
    );
  });

  const POLICIES = '2.5.29.32';
  const qualified = (id: string): Uint8Array =>
    sequence(sequence(objectIdentifier(GOLD), sequence(sequence(objectIdentifier(id), integer(1)))));
  it.each<[string, Uint8Array, RegExp]>([
    ['a policy twice', certificatePolicies(GOLD, GOLD), /stands twice/],
    ['no policy', extension(POLICIES, false, sequence()), /certificatePolicies is empty/],
    [
      'critical policies with an unknown qualifier',
      extension(POLICIES, true, qualified('1.2.3')),
      /unknown qualifier 1\.2\.3/,
    ],
    ['a mapping from anyPolicy', policyMappings([ANY_POLICY, GOLD]), /anyPolicy/],
    ['a mapping to anyPolicy', policyMappings([GOLD, ANY_POLICY]), /anyPolicy/],
    ['no mapping', policyMappings(), /policyMappings is empty/],
    ['no constraint', policyConstraints({}), /policyConstraints is empty/],
    ['a negative constraint', policyConstraints({ explicit: -1 }), /requireExplicitPolicy is negative/],
    ['a constraint of five octets', policyConstraints({ mapping: 2 ** 35 }), /inhibitPolicyMapping is an integer of 5/],
    [
      'constraints in the wrong order',
      extension('2.5.29.36', true, sequence(implicit(1, Uint8Array.of(0)), implicit(0, Uint8Array.of(0)))),
      /unexpected/,
    ],
    [
      'a constraint of another type',
      extension('2.5.29.36', true, sequence(explicit(0, integer(0)))),
      /policyConstraints/,
    ],
    ['a negative inhibition', inhibitAnyPolicy(-1), /inhibitAnyPolicy is negative/],
    ['an inhibition that is no number', extension('2.5.29.54', true, sequence()), /inhibitAnyPolicy is sequence/],
  ])('that hold %s are not relied on', (_, broken, message) => {
    const authority = pathOf([[broken]], []);
    expect(told(authority)).toMatch(/^"Policy CA 1" has policies that cannot be judged: /);
    expect(told(authority)).toMatch(message);
    expect(told(pathOf([[]], [broken]))).toMatch(/^"Leaf" has policies that cannot be judged: /);
  });

  it('of the two known qualifiers may be critical, unknown ones only where they are not', () => {
    const known = extension(POLICIES, true, qualified('1.3.6.1.5.5.7.2.1'));
    expect(told(pathOf([[known]], [extension(POLICIES, false, qualified('1.2.3'))]))).toMatch(
      /stands under the policies/,
    );
  });
});
