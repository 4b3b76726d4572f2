/** What tells whether a document has changed (RFC 9110 §8.8). */
export interface Validators {
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
}

/**
 * Only what is well formed and short: a server chooses these, and we keep them and send them back.
 * A date is given in the one form of RFC 9110 §5.6.7.
 */
export function soundValidators({
  etag,
  lastModified,
}: {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}): Validators {
  const time = lastModified === undefined || lastModified.length > 64 ? NaN : Date.parse(lastModified);
  return {
    etag: etag !== undefined && /^(?:W\/)?"[\x21\x23-\x7e]{0,200}"$/.test(etag) ? etag : undefined,
    lastModified: Number.isNaN(time) ? undefined : new Date(time).toUTCString(),
  };
}
