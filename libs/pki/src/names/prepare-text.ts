/** Everything that counts as a blank (RFC 4518 §2.2 and §2.6.1). */
const BLANKS = /[\t-\r\u0085\p{Z}]+/gu;

/** Characters without a meaning of their own (RFC 4518 §2.2): controls, soft hyphen, joiners, variation selectors. */
const NOTHING = /[\p{Cc}\p{Cf}\p{Variation_Selector}\ufffc]|\u034f/gu;

/** What most names are made of; it needs none of the Unicode steps. */
const PLAIN_ASCII = /^[!-~]+(?: [!-~]+)*$/;

/**
 * A text in the form in which RFC 5280 §7.1 compares: case folded, compatibility forms united (NFKC), blanks at the ends
 * taken off and inner ones united, after the string preparation of RFC 4518. Upper case first, so that `ß` meets `SS` and
 * both sigmas meet, as full case folding wants; but `ı`, which folds to itself (RFC 3454 appendix B.2), must not meet `i`.
 */
export function prepared(text: string): string {
  if (PLAIN_ASCII.test(text)) return text.toLowerCase();
  return text
    .replace(BLANKS, ' ')
    .replace(NOTHING, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\u0131]+/g, (rest) => rest.toUpperCase().toLowerCase())
    .normalize('NFKC')
    .replace(BLANKS, ' ')
    .trim();
}
