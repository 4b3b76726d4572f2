import { type Certificate, KEY_PURPOSE, writeClid } from '@certlane/pki';
import {
  type TestAuthority,
  type TestCertificateOptions,
  type TestIdentity,
  type TestListOptions,
  testPkcs12,
  testSelfSigned,
} from '@certlane/pki/testing';
import { Hierarchy } from './authorities.js';
import { keysOfSet } from './key-pool.js';
import { Revocations, type Revocation, type RevokedCertificate } from './revocations.js';
import {
  type AuthorityName,
  AUTHORITIES,
  COMPANY_A,
  COMPANY_B,
  type CompanyALabel,
  type CompanyBLabel,
  type Label,
  type Role,
  ROLES,
  STATIONS,
  type StationName,
} from './roles.js';
import { type ListedName, type TrustListWish, trustListOf, updateTextOf } from './trust-lists.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** A certificate of the set with its key, in the forms that stations take. */
export interface Member extends TestIdentity {
  readonly label: Label;
  readonly role: Role;
  /** Odette ID of its station. */
  readonly odetteId: string;
  /** Certificate and private key as PEM, one text. */
  readonly pem: string;
  /** Authorities above it, the root last. */
  readonly chain: readonly Certificate[];
  /** What SFIDDESC says in a file that brings a successor under another subject or issuer. */
  readonly clid: string;
  /** A PKCS#12 file with key, certificate and chain. */
  pkcs12(password: string): Uint8Array;
}

/** A company of the set. */
export interface InteroperabilityCompany<L extends Label> {
  readonly root: TestAuthority;
  /** Its OFTP2 authority. */
  readonly authority: TestAuthority;
  readonly certificates: Readonly<Record<L, Member>>;
}

/** Authorities that can be revoked, by the root that issued them. */
const ISSUED_AUTHORITIES = { A: 'A-root', B: 'B-root', outside: 'outside-root' } as const;

/** What can be revoked: a certificate of the set, or an OFTP2 authority. */
export type Revocable = Label | keyof typeof ISSUED_AUTHORITIES;

/** What a revocation list shall be, if not what was revoked so far. */
export interface ListWish extends Omit<TestListOptions, 'revoked'> {
  readonly revoked?: readonly Revocable[];
}

/** What the set is to be made for. */
export interface SetOptions {
  readonly now: Date;
  /** Where lists are published, such as `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** DNS name or address in each certificate's subjectAltName; when left out its common name. */
  readonly host?: string;
  /** Whether the certificates name OCSP responders beside the revocation lists; off when left out. */
  readonly responders?: boolean;
}

/**
 * The interoperability certificates of Odette (OP09 4.6): two companies with their authorities, one authority outside, the
 * certificates CA01 to CA14, CB01, CB04 to CB06, and what the authorities and the trust list operator publish about them.
 */
export class InteroperabilitySet {
  readonly companyA: InteroperabilityCompany<CompanyALabel>;
  readonly companyB: InteroperabilityCompany<CompanyBLabel>;
  /** Who signs the trust lists, and who is to sign them one day. */
  readonly signers: { readonly current: TestIdentity; readonly next: TestIdentity };
  readonly now: Date;
  readonly baseUrl: string;
  readonly #hierarchy: Hierarchy;
  readonly #revocations: Revocations;
  readonly #members: ReadonlyMap<Label, Member>;

  constructor(options: SetOptions, keyOf: Awaited<ReturnType<typeof keysOfSet>>) {
    const { now, responders = false, host } = options;
    this.now = now;
    this.baseUrl = options.baseUrl.replace(/\/+$/, '');
    this.#hierarchy = new Hierarchy({ now, baseUrl: this.baseUrl, responders, keyOf });
    this.#revocations = new Revocations(this.authorities, now);
    const make = <L extends Label>(label: L, at: number): readonly [L, Member] => {
      const role = ROLES[label];
      const identity = this.issue(role.issuer, {
        ...subjectOf(role, host),
        key: keyOf(label),
        // One after the other, as they would be: a renewal is never older than what it renews.
        notBefore: new Date(now.getTime() - DAY + at * HOUR),
        notAfter: new Date(now.getTime() + role.years * YEAR),
      });
      return [label, memberOf(label, identity, this.chainOf(role.issuer))];
    };
    const company = <L extends Label>(root: AuthorityName, authority: AuthorityName, labels: readonly L[]) => ({
      root: this.authorities[root],
      authority: this.authorities[authority],
      certificates: Object.fromEntries(labels.map(make)) as Record<L, Member>,
    });
    this.companyA = company('A-root', 'A', Object.keys(COMPANY_A) as CompanyALabel[]);
    this.companyB = company('B-root', 'B', Object.keys(COMPANY_B) as CompanyBLabel[]);
    const all = [...Object.values(this.companyA.certificates), ...Object.values(this.companyB.certificates)];
    this.#members = new Map(all.map((member) => [member.label, member]));
    const signer = (name: string, key: string): TestIdentity =>
      testSelfSigned(now, {
        subject: `CN=${name},O=Interoperability,C=DE`,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: 'none',
        notAfter: new Date(now.getTime() + 10 * YEAR),
        key: keyOf(key),
      });
    this.signers = { current: signer('TSL Signer', 'signer'), next: signer('Next TSL Signer', 'other-signer') };
  }

  get authorities(): Readonly<Record<AuthorityName, TestAuthority>> {
    return this.#hierarchy.authorities;
  }

  /** Every certificate in the order of issue. */
  get members(): readonly Member[] {
    return [...this.#members.values()];
  }

  member(label: Label): Member {
    return this.#members.get(label)!;
  }

  /** A further certificate of an authority, which names its revocation list as those of the set do. */
  issue(by: AuthorityName, options: TestCertificateOptions = {}): TestIdentity {
    return this.#hierarchy.issue(by, options);
  }

  /** An authority and those above it, the root last. */
  chainOf(name: AuthorityName): readonly Certificate[] {
    return this.#hierarchy.chainOf(name);
  }

  /** Revokes a certificate or an authority; the new list of the authority that issued it. */
  revoke(which: Revocable, revocation: Revocation = {}): Uint8Array {
    const { issuer, certificate } = this.#issued(which);
    this.#revocations.revoke(issuer, certificate.serialNumber, revocation);
    return this.revocationList(issuer);
  }

  /** Undefined as long as it is good. */
  revocationOf(which: Revocable): RevokedCertificate | undefined {
    const { issuer, certificate } = this.#issued(which);
    return this.#revocations.stateOf(issuer, certificate.serialNumber);
  }

  /**
   * The revocation list of an authority, DER: what was revoked so far, an hour old at the beginning of the set and good for a
   * week. `revoked` names other certificates instead; all else that a test list can be is there, too.
   */
  revocationList(name: AuthorityName, { revoked, ...options }: ListWish = {}): Uint8Array {
    if (revoked === undefined) return this.#revocations.list(name, options);
    const entries = revoked.map((which) => this.#issued(which).certificate.serialNumber);
    return this.#revocations.list(name, { ...options, revoked: entries });
  }

  /** Which authority issued a certificate. */
  issuerOf(which: Revocable): AuthorityName {
    return this.#issued(which).issuer;
  }

  /** What an authority issued, OFTP2 authorities included. */
  issuedBy(name: AuthorityName): readonly { readonly name: Revocable; readonly certificate: Certificate }[] {
    const all = [...this.#members.keys(), ...(Object.keys(ISSUED_AUTHORITIES) as Revocable[])];
    return all
      .filter((which) => this.issuerOf(which) === name)
      .map((which) => ({ name: which, certificate: this.#issued(which).certificate }));
  }

  /** A signed trust list. */
  trustList(wish: TrustListWish = {}): Uint8Array {
    return trustListOf(wish, this.signers.current, (name: ListedName) => this.chainOf(name), this.now);
  }

  /** The `.upd` text that belongs to the list of the same wish. */
  updateText(wish: TrustListWish = {}): string {
    return updateTextOf(wish, this.now);
  }

  #issued(which: Revocable): { issuer: AuthorityName; certificate: Certificate } {
    if (isAuthority(which)) {
      return { issuer: ISSUED_AUTHORITIES[which], certificate: this.authorities[which].certificate };
    }
    const { role, certificate } = this.member(which);
    return { issuer: role.issuer, certificate };
  }
}

const isAuthority = (which: Revocable): which is keyof typeof ISSUED_AUTHORITIES =>
  Object.hasOwn(ISSUED_AUTHORITIES, which);

/** Makes the set. The keys are made once per process, the certificates with every call. */
export const interoperabilitySet = async (options: SetOptions): Promise<InteroperabilitySet> =>
  new InteroperabilitySet(options, await keysOfSet());

/** Subject and profile (OFTP2 certificate profile): host as common name and DNS name, the Odette ID as serialNumber and URI. */
function subjectOf({ station, commonName, organization, keyUsage }: Role, host: string | undefined) {
  const odetteId = STATIONS[station];
  const company = AUTHORITIES[companyOf(station)].organization;
  return {
    subject: `CN=${commonName},serialNumber=${odetteId},O=${organization ?? company},C=DE`,
    host: host ?? commonName,
    odetteId,
    keyUsage,
    extendedKeyUsage: [KEY_PURPOSE.serverAuth, KEY_PURPOSE.clientAuth],
  } satisfies TestCertificateOptions;
}

const companyOf = (station: StationName): 'A' | 'B' => (station === 'B0' ? 'B' : 'A');

function memberOf(label: Label, identity: TestIdentity, chain: readonly Certificate[]): Member {
  const role = ROLES[label];
  return {
    ...identity,
    label,
    role,
    odetteId: STATIONS[role.station],
    pem: identity.certificatePem + identity.privateKeyPem,
    chain,
    clid: writeClid(identity.certificate),
    pkcs12: (password) => testPkcs12(identity, password, chain),
  };
}
