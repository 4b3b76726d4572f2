import { type Asn1Element, contextPrimitive, malformed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf, smallIntegerOf, want } from '../asn1/values.js';
import type { Certificate } from '../certificate/index.js';
import { EXTENSION, extensionElement } from '../certificate/extensions.js';

/** The policy that stands for all (RFC 5280 §4.2.1.4). */
export const ANY_POLICY = '2.5.29.32.0';

/** The qualifiers of RFC 5280 §4.2.1.4: a pointer to the practice statement and a notice. */
const QUALIFIERS: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2']);

/** What a certificate says about policies. */
export interface PolicyExtensions {
  /** Dotted; undefined when the extension is absent, which means no policy at all. */
  readonly policies: ReadonlySet<string> | undefined;
  /** For each policy of the issuer those of the subject that count as the same (RFC 5280 §4.2.1.5). */
  readonly mappings: ReadonlyMap<string, ReadonlySet<string>>;
  /** How many more certificates may follow before the constraint holds (RFC 5280 §4.2.1.11 and §4.2.1.14). */
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

const read = new WeakMap<Certificate, PolicyExtensions>();

/**
 * Reads the four extensions about policies, once per certificate.
 * @throws PkiError for what is malformed or forbidden by RFC 5280: a policy twice, a mapping from or to anyPolicy, empty
 * constraints, an unknown qualifier of critical policies
 */
export function policyExtensionsOf(certificate: Certificate): PolicyExtensions {
  const known = read.get(certificate);
  if (known !== undefined) return known;
  const value = (oid: string): Asn1Element | undefined => extensionElement(certificate, oid);
  const policies = value(EXTENSION.certificatePolicies);
  const critical = certificate.extensions.some(
    (extension) => extension.oid === EXTENSION.certificatePolicies && extension.critical,
  );
  const extensions: PolicyExtensions = {
    policies: policies === undefined ? undefined : readPolicies(policies, critical),
    mappings: readMappings(value(EXTENSION.policyMappings)),
    ...readConstraints(value(EXTENSION.policyConstraints)),
    inhibitAnyPolicy: skipOf(value(EXTENSION.inhibitAnyPolicy), 'inhibitAnyPolicy'),
  };
  read.set(certificate, extensions);
  return extensions;
}

function readPolicies(element: Asn1Element, critical: boolean): ReadonlySet<string> {
  const policies = new Set<string>();
  for (const information of want(element, TAG.sequence, 'certificatePolicies').children) {
    const fields = Fields.of(information, TAG.sequence, 'policyInformation');
    const policy = oidOf(fields.required(TAG.oid, 'policyIdentifier'), 'policyIdentifier');
    const qualifiers = fields.optional(TAG.sequence)?.children ?? [];
    fields.end();
    if (policies.has(policy)) throw malformed(`the policy ${policy} stands twice in certificatePolicies`);
    policies.add(policy);
    if (!critical) continue;
    for (const qualifier of qualifiers) {
      const id = oidOf(qualifier.children[0], 'policyQualifierId');
      if (!QUALIFIERS.has(id)) throw malformed(`certificatePolicies is critical and has the unknown qualifier ${id}`);
    }
  }
  if (policies.size === 0) throw malformed('certificatePolicies is empty');
  return policies;
}

function readMappings(element: Asn1Element | undefined): ReadonlyMap<string, ReadonlySet<string>> {
  const mappings = new Map<string, Set<string>>();
  if (element === undefined) return mappings;
  for (const mapping of want(element, TAG.sequence, 'policyMappings').children) {
    const fields = Fields.of(mapping, TAG.sequence, 'a mapping of policies');
    const from = oidOf(fields.required(TAG.oid, 'issuerDomainPolicy'), 'issuerDomainPolicy');
    const to = oidOf(fields.required(TAG.oid, 'subjectDomainPolicy'), 'subjectDomainPolicy');
    fields.end();
    // RFC 5280 §6.1.4 (a)
    if (from === ANY_POLICY || to === ANY_POLICY) throw malformed('policyMappings maps from or to anyPolicy');
    mappings.set(from, (mappings.get(from) ?? new Set<string>()).add(to));
  }
  if (mappings.size === 0) throw malformed('policyMappings is empty');
  return mappings;
}

function readConstraints(
  element: Asn1Element | undefined,
): Pick<PolicyExtensions, 'requireExplicitPolicy' | 'inhibitPolicyMapping'> {
  if (element === undefined) return { requireExplicitPolicy: undefined, inhibitPolicyMapping: undefined };
  const fields = Fields.of(element, TAG.sequence, 'policyConstraints');
  const explicit = fields.optional(contextPrimitive(0));
  const mapping = fields.optional(contextPrimitive(1));
  fields.end();
  if (explicit === undefined && mapping === undefined) throw malformed('policyConstraints is empty');
  return {
    requireExplicitPolicy: skipOf(explicit, 'requireExplicitPolicy', contextPrimitive(0)),
    inhibitPolicyMapping: skipOf(mapping, 'inhibitPolicyMapping', contextPrimitive(1)),
  };
}

/** SkipCerts: an INTEGER that is not negative. */
function skipOf(element: Asn1Element | undefined, field: string, tag: number = TAG.integer): number | undefined {
  if (element === undefined) return undefined;
  const skip = smallIntegerOf(element, field, tag);
  if (skip < 0) throw malformed(`${field} is negative`);
  return skip;
}
