/**
 * Octets that never change, named by their SHA-256 (lower-case hex): certificates, revocation lists, trust lists, pages of the trust
 * state, and what operators hand over. What nothing names is swept an hour after it was put last.
 */
export interface Contents {
  /**
   * Keeps octets; those that are kept already stay for another hour at least.
   * @returns their name
   * @throws {CertlaneError} `unavailable`
   */
  put(octets: Uint8Array): Promise<string>;
  /**
   * The octets of a name, checked against it; undefined when there are none (any more).
   * @throws {CertlaneError} `unavailable`; `internal` when what is kept is not what the name says
   */
  get(name: string): Promise<Uint8Array | undefined>;
}

/** {@link Contents} */
export const CONTENTS = Symbol('ca:contents');
