import type { Certificate } from '../certificate/index.js';
import { isPkiError } from '../errors.js';
import { failed, passed, shortName } from './check-results.js';
import { constrainedNames, describeName } from './constrained-names.js';
import { type NameConstraints, nameConstraintsOf, type NameViolation, violationOf } from './name-constraints.js';
import type { PathCheck, PathContext } from './verdict.js';

const SAID: Readonly<Record<NameViolation, (name: string, authority: string) => string>> = {
  'not-permitted': (name, authority) => `has the ${name}, which ${authority} does not permit`,
  excluded: (name, authority) => `has the ${name}, which ${authority} excludes`,
  'not-comparable': (name, authority) =>
    `has the ${name}, which cannot be compared with what ${authority} permits and excludes`,
};

/**
 * Every name against the name constraints of every authority above it, the anchor included (RFC 5280 §6.1.3 (b) and (c),
 * §6.1.4 (g)). Self-issued authorities are not held to them, a self-issued end of the path is.
 */
export function judgeNames(path: PathContext): readonly PathCheck[] {
  const { certificates } = path;
  return certificates.flatMap((certificate, at) => {
    if (at > 0 && at === certificates.length - 1) return [];
    return [judgeOne(certificate, at, path)];
  });
}

function judgeOne(certificate: Certificate, at: number, { certificates, spend }: PathContext): PathCheck {
  const constraining: (readonly [Certificate, NameConstraints])[] = [];
  for (const authority of certificates.slice(at + 1)) {
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
    for (const name of constrainedNames(certificate, at === 0)) {
      for (const [authority, constraints] of constraining) {
        const violation = violationOf(name, constraints, spend);
        if (violation === undefined) continue;
        return failed('name-constraints', certificate, SAID[violation](describeName(name), shortName(authority)));
      }
    }
  } catch (error) {
    if (!isPkiError(error)) throw error;
    const message = `has names that cannot be compared with the name constraints above it: ${error.message}`;
    return failed('name-constraints', certificate, message);
  }
  return passed('name-constraints', certificate, 'keeps to the name constraints above it');
}
