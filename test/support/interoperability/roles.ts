import type { Usage } from '@certlane/contracts';
import type { KeyUsageFlag } from '@certlane/pki';

/** Odette IDs: Company A has a main station and a second one behind it, Company B one station. */
export const STATIONS = {
  A0: 'O0013COMPANYA0',
  A1: 'O0013COMPANYA1',
  B0: 'O0013COMPANYB0',
} as const;

/** A station by its short name. */
export type StationName = keyof typeof STATIONS;

/** The authorities: of each company the OFTP2 authority and the root above it, and one that no trust list names. */
export const AUTHORITIES = {
  'A-root': { name: 'Company A Root', organization: 'Company A', above: undefined },
  A: { name: 'Company A OFTP2 CA', organization: 'Company A', above: 'A-root' },
  'B-root': { name: 'Company B Root', organization: 'Company B', above: undefined },
  B: { name: 'Company B OFTP2 CA', organization: 'Company B', above: 'B-root' },
  'outside-root': { name: 'Outside Root', organization: 'Outside', above: undefined },
  outside: { name: 'Outside OFTP2 CA', organization: 'Outside', above: 'outside-root' },
} as const;

/** An authority by its short name. */
export type AuthorityName = keyof typeof AUTHORITIES;

/** What a certificate of the set is for. */
export interface Role {
  readonly station: StationName;
  readonly issuer: AuthorityName;
  readonly commonName: string;
  /** In the subject; the company's name when left out. */
  readonly organization?: string;
  readonly keyUsage: readonly KeyUsageFlag[];
  readonly usages: readonly Usage[];
  /** Which certificate it comes after. With `roll-over` both are good for a while, with `replacement` the old one is recalled. */
  readonly succeeds?: { readonly certificate: string; readonly by: 'roll-over' | 'replacement' };
  /** Years from the beginning of the set to its end. */
  readonly years: number;
  /** Whether a trust list with both companies' OFTP2 authorities vouches for it, and if not, why. */
  readonly listed: 'yes' | 'issued-above' | 'not-listed';
  /** One sentence for people. */
  readonly story: string;
}

const EVERYTHING: readonly Usage[] = [
  'tls',
  'session-authentication',
  'file-encryption',
  'file-signature',
  'eerp-signature',
];
const BOTH: readonly KeyUsageFlag[] = ['digitalSignature', 'keyEncipherment'];
const SIGNING: readonly KeyUsageFlag[] = ['digitalSignature'];
const ENCRYPTION: readonly KeyUsageFlag[] = ['keyEncipherment'];

const MAIN = 'oftp2.company-a.example';
const FILES = 'files.company-a.example';
const RENAMED = { commonName: 'renamed.company-a.example', organization: 'Company A Renamed' } as const;

/** What is alike in all certificates of a company. */
const a = { station: 'A0', issuer: 'A', usages: EVERYTHING, keyUsage: BOTH, years: 1, listed: 'yes' } as const;
const b = { ...a, station: 'B0', issuer: 'B', commonName: 'oftp2.company-b.example' } as const;

/**
 * The certificates of Company A in the order of their issue (OP09 4.6). CA05 and CA06 differ from CA01 in nothing but the key
 * usage: whoever assigns by subject alone mixes them up.
 */
export const COMPANY_A = {
  CA01: { ...a, commonName: MAIN, story: 'The first certificate of station A0: TLS and files.' },
  CA02: {
    ...a,
    commonName: MAIN,
    years: 2,
    succeeds: { certificate: 'CA01', by: 'roll-over' },
    story: 'Ends later than CA01; both are good until CA01 ends.',
  },
  CA03: {
    ...a,
    commonName: MAIN,
    years: 3,
    succeeds: { certificate: 'CA01', by: 'replacement' },
    story: 'CA01 is out of use at once.',
  },
  CA04: { ...a, commonName: FILES, story: 'Another subject than CA01: nobody takes it for its renewal.' },
  CA05: {
    ...a,
    commonName: MAIN,
    keyUsage: SIGNING,
    usages: ['file-signature', 'eerp-signature'],
    story: 'Subject of CA01, for signing only.',
  },
  CA06: {
    ...a,
    commonName: MAIN,
    keyUsage: ENCRYPTION,
    usages: ['file-encryption'],
    story: 'Subject of CA01, for encryption only.',
  },
  CA07: {
    ...a,
    commonName: FILES,
    years: 2,
    succeeds: { certificate: 'CA04', by: 'roll-over' },
    story: 'Ends later than CA04; both are good until CA04 ends.',
  },
  CA08: {
    ...a,
    commonName: FILES,
    years: 3,
    succeeds: { certificate: 'CA04', by: 'replacement' },
    story: 'CA04 is out of use at once.',
  },
  CA09: {
    ...a,
    commonName: 'authentication.company-a.example',
    keyUsage: ENCRYPTION,
    usages: ['session-authentication'],
    story: 'For encryption only, namely of challenges: session authentication.',
  },
  CA10: {
    ...a,
    station: 'A1',
    commonName: 'eerp.a1.company-a.example',
    keyUsage: SIGNING,
    usages: ['eerp-signature'],
    story: 'Signs EERP of station A1.',
  },
  CA11: {
    ...a,
    station: 'A1',
    commonName: 'signature.a1.company-a.example',
    keyUsage: SIGNING,
    usages: ['file-signature'],
    story: 'Signs files of station A1.',
  },
  CA12: {
    ...a,
    station: 'A1',
    commonName: 'encryption.a1.company-a.example',
    keyUsage: ENCRYPTION,
    usages: ['file-encryption'],
    story: 'Files to station A1 are encrypted with it, until it is revoked.',
  },
  CA13: {
    ...a,
    ...RENAMED,
    years: 4,
    succeeds: { certificate: 'CA04', by: 'replacement' },
    story: 'CA04 under another subject: SFIDDESC has to name CA04.',
  },
  CA14: {
    ...a,
    ...RENAMED,
    years: 5,
    succeeds: { certificate: 'CA13', by: 'replacement' },
    story: 'CA13 is out of use at once.',
  },
} as const satisfies Record<string, Role>;

/** The certificates of Company B. All have one subject, so that the issuer alone decides. */
export const COMPANY_B = {
  CB01: { ...b, story: 'The first certificate of station B0: TLS and files.' },
  CB04: {
    ...b,
    years: 2,
    succeeds: { certificate: 'CB01', by: 'replacement' },
    story: 'CB01 is out of use at once.',
  },
  CB05: {
    ...b,
    issuer: 'B-root',
    years: 3,
    succeeds: { certificate: 'CB01', by: 'replacement' },
    listed: 'issued-above',
    story: 'Issued by the root directly: it must be refused although its path is sound.',
  },
  CB06: {
    ...b,
    issuer: 'outside',
    years: 3,
    succeeds: { certificate: 'CB01', by: 'replacement' },
    listed: 'not-listed',
    story: 'Issued by an authority outside the trust list: it must be refused.',
  },
} as const satisfies Record<string, Role>;

/** CA01 to CA14. */
export type CompanyALabel = keyof typeof COMPANY_A;
/** CB01, CB04 to CB06. */
export type CompanyBLabel = keyof typeof COMPANY_B;
/** Any certificate of the set. */
export type Label = CompanyALabel | CompanyBLabel;

/** Every certificate in the order of issue. */
export const ROLES: Readonly<Record<Label, Role>> = { ...COMPANY_A, ...COMPANY_B };
