import type { Certificate } from '../certificate/index.js';
import { TestAuthority, type TestCertificateOptions, type TestIdentity } from './test-authority.js';

/** A company's hierarchy: a root, its OFTP2 authority, and end-entity certificates of that authority. */
export interface TestCa {
  readonly root: TestAuthority;
  /** The OFTP2 authority below the root; what a partner installs as issuer. */
  readonly authority: TestAuthority;
  /** Issues an end-entity certificate of the authority. */
  readonly issue: (options?: TestCertificateOptions) => TestIdentity;
  /** Issues a certificate of the same logical identity again. */
  readonly renew: (previous: TestIdentity, options?: TestCertificateOptions) => TestIdentity;
  /** Authority and root, in the order in which they follow an end-entity certificate. */
  readonly chain: readonly Certificate[];
}

/**
 * Makes a hierarchy with the names `<name> Root` and `<name> OFTP2 CA`. The same name gives the same authority keys within
 * one process. Dates are reckoned from `now`: sound certificates began a day before and end a year after.
 */
export function testCa({
  name = 'Acme',
  now = new Date(),
}: { readonly name?: string; readonly now?: Date } = {}): TestCa {
  const root = TestAuthority.root(`${name} Root`, now);
  const authority = root.subordinate(`${name} OFTP2 CA`);
  return {
    root,
    authority,
    issue: (options) => authority.issue(options),
    renew: (previous, options) => authority.renew(previous, options),
    chain: [authority.certificate, root.certificate],
  };
}
