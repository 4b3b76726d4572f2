/** A part of octets that are too large for one request. */
export interface UploadPart {
  /** SHA-256 of the whole, lower-case hex. */
  readonly content: string;
  /** Parts in all. */
  readonly parts: number;
  /** Which one, from 0. */
  readonly part: number;
  readonly octets: Uint8Array;
}

/** What operators hand over in parts, by whichever replica takes each of them. */
export interface Uploads {
  /**
   * Keeps a part; the same one again is no matter. With the last one the whole is kept as a content.
   * @returns whether the whole is there
   * @throws {CertlaneError} `invalid-argument` when the parts do not make what they are called, and all of them are forgotten;
   *   `failed-precondition` when too much is being handed over at once; `unavailable`
   */
  take(part: UploadPart): Promise<boolean>;
  /** Forgets what was begun before this time. */
  sweep(olderThan: Date): Promise<void>;
}

/** {@link Uploads} */
export const UPLOADS = Symbol('ca:uploads');
