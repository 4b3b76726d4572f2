/**
 * Where the time of the last change of a list may be published: beside it, with the suffix `.upd`; in capitals too where the list's
 * own suffix is. Empty for an address that has no suffix to exchange.
 */
export function updateAddressesOf(listAddress: string): readonly string[] {
  const url = URL.parse(listAddress);
  const suffix = url === null ? undefined : /\.xml$/i.exec(url.pathname)?.[0];
  if (url === null || suffix === undefined) return [];
  const stem = url.pathname.slice(0, -suffix.length);
  const suffixes = suffix === suffix.toUpperCase() ? ['.upd', '.UPD'] : ['.upd'];
  return suffixes.map((one) => Object.assign(new URL(url), { pathname: stem + one }).href);
}
