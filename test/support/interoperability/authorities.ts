import type { KeyObject } from 'node:crypto';
import type { Certificate } from '@certlane/pki';
import {
  distributionPointsExtension,
  informationAccessExtension,
  TestAuthority,
  type TestCertificateOptions,
  type TestIdentity,
} from '@certlane/pki/testing';
import { AUTHORITIES, type AuthorityName } from './roles.js';

const YEAR = 365 * 86_400_000;
const YEARS = 20;

/** Where an authority publishes: paths, to be put behind the base address of a publisher. */
export interface AuthorityPaths {
  /** Its revocation list, DER. */
  readonly revocationList: string;
  /** Its OCSP responder. */
  readonly responder: string;
}

/** Where each authority publishes. */
export function pathsOf(name: AuthorityName): AuthorityPaths {
  const file = AUTHORITIES[name].name.toLowerCase().replaceAll(' ', '-');
  return { revocationList: `/crl/${file}.crl`, responder: `/ocsp/${file}` };
}

/** How the authorities are set up. */
export interface HierarchyOptions {
  readonly now: Date;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Whether certificates name an OCSP responder, too. */
  readonly responders: boolean;
  readonly keyOf: (owner: string) => KeyObject;
}

/** All authorities of the set. What they issue names the address of their revocation list. */
export class Hierarchy {
  readonly authorities: Readonly<Record<AuthorityName, TestAuthority>>;

  constructor(private readonly options: HierarchyOptions) {
    const pair = (root: AuthorityName, below: AuthorityName): [TestAuthority, TestAuthority] => {
      const { now } = options;
      const authority = TestAuthority.root(AUTHORITIES[root].name, now, this.#certificateOf(root));
      const { name } = AUTHORITIES[below];
      return [authority, authority.subordinate(name, this.#certificateOf(below, root))];
    };
    const [aRoot, a] = pair('A-root', 'A');
    const [bRoot, b] = pair('B-root', 'B');
    const [outsideRoot, outside] = pair('outside-root', 'outside');
    this.authorities = { 'A-root': aRoot, A: a, 'B-root': bRoot, B: b, 'outside-root': outsideRoot, outside };
  }

  /** Issues an end-entity certificate; its validity begins and ends as `options` say. */
  issue(by: AuthorityName, options: TestCertificateOptions): TestIdentity {
    const extensions = [...this.#pointersTo(by), ...(options.extensions ?? [])];
    return this.authorities[by].issue({ ...options, extensions });
  }

  /** The authority and those above it, the root last. */
  chainOf(name: AuthorityName): readonly Certificate[] {
    const { above } = AUTHORITIES[name];
    const own = this.authorities[name].certificate;
    return above === undefined ? [own] : [own, ...this.chainOf(above)];
  }

  #certificateOf(name: AuthorityName, issuer?: AuthorityName): TestCertificateOptions {
    const { now, keyOf } = this.options;
    return {
      subject: `CN=${AUTHORITIES[name].name},O=${AUTHORITIES[name].organization},C=DE`,
      key: keyOf(name),
      notBefore: new Date(now.getTime() - YEAR),
      notAfter: new Date(now.getTime() + YEARS * YEAR),
      ...(issuer === undefined
        ? {}
        : { basicConstraints: { ca: true, pathLength: 0 }, extensions: this.#pointersTo(issuer) }),
    };
  }

  #pointersTo(issuer: AuthorityName): Uint8Array[] {
    const { baseUrl, responders } = this.options;
    const { revocationList, responder } = pathsOf(issuer);
    return [
      distributionPointsExtension([{ names: [`uri:${baseUrl}${revocationList}`] }]),
      ...(responders ? [informationAccessExtension({ ocsp: [`${baseUrl}${responder}`] })] : []),
    ];
  }
}
