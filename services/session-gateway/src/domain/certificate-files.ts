import type { ExchangeKind } from '@certlane/contracts';

/** The reserved dataset names of certificate files; the first is just as long as SFIDDSN. */
export const certificateDatasetNames = {
  deliver: 'ODETTE_CERTIFICATE_DELIVER',
  request: 'ODETTE_CERTIFICATE_REQUEST',
  replace: 'ODETTE_CERTIFICATE_REPLACE',
} as const satisfies Record<ExchangeKind, string>;

const names: ReadonlySet<string> = new Set(Object.values(certificateDatasetNames));

/** Whether a virtual file is a certificate file; products write the names in either case and pad them at either end. */
export function isCertificateFile(datasetName: string): boolean {
  return names.has(datasetName.trim().toUpperCase());
}
