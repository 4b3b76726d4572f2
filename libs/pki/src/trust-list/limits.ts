/** Bounds for one trust list; those published have some 100 KiB and well under a hundred services. */
export const TRUST_LIST_LIMITS = {
  octets: 4_194_304,
  /** Elements inside one another. */
  depth: 64,
  /** Elements, comments, texts and attributes together. */
  nodes: 40_000,
  /** Children of one element: the time that the check of a signature takes grows with their square. */
  children: 1000,
  /** Attributes and namespace declarations of one element. */
  attributes: 32,
  /** Namespace declarations of the whole document, for the same reason. */
  namespaces: 64,
  providers: 500,
  services: 1000,
  certificatesOfService: 16,
  signers: 4,
} as const;
