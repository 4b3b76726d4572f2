/**
 * How much the trust state holds. Every replica has all of it in memory, as every validation has all of it at hand: with each limit
 * reached that is some 100 MiB for the issuers and their indexes, and the octets of the revocation lists with a fifth more.
 */
export const LIMITS = {
  issuers: 10_000,
  /** Octets of the certificates of all installed issuers. */
  issuerOctets: 32 * 1024 * 1024,
  trustLists: 16,
  /** Signers of one trust list, staged ones included. */
  signers: 8,
  revocationLists: 5_000,
  /** Serial numbers on all revocation lists. */
  revokedEntries: 1_000_000,
  /** Octets of all revocation lists. */
  revocationOctets: 128 * 1024 * 1024,
  answers: 10_000,
} as const;

/** Octets of the certificates of one request to install issuers, as events tell them; one alone is never too large. */
export const REQUEST_OCTETS = 400_000;
