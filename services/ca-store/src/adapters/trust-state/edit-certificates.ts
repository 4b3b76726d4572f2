import type { Certificate } from '@certlane/pki';
import type { TrustChange } from '../../ports/trust-state.js';

/** Every certificate that the entries of a change name. */
export function certificatesIn({
  issuers,
  trustLists,
  revocationLists,
  answers,
}: TrustChange<unknown>): readonly Certificate[] {
  return [
    ...(issuers?.put ?? []).map(({ certificate }) => certificate),
    ...(trustLists?.put ?? []).flatMap(({ signers, edition }) => [
      ...signers.map(({ certificate }) => certificate),
      ...(edition?.authorities ?? []).flatMap(({ certificate, above }) => [certificate, ...above]),
    ]),
    ...(revocationLists?.put ?? []).flatMap(({ issuers: signing = [] }) => signing),
    ...(answers?.put ?? []).flatMap(({ certificate, issuer }) => [certificate, issuer]),
  ];
}
