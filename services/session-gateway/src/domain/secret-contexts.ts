/**
 * What a sealed secret is and whose: it opens under the same words only, so that one put in another's place is noticed.
 * The command line seals passwords and imports under these words too.
 */
export const secretContexts = {
  stationPassword: (station: string) => `station-password:${station}`,
  partnerPassword: (station: string, partner: string) => `partner-password:${station}:${partner}`,
  ourPassword: (station: string, partner: string) => `our-password:${station}:${partner}`,
  privateKey: (station: string, keyId: string) => `private-key:${station}:${keyId}`,
  certificateImport: (station: string) => `certificate-import:${station}`,
} as const;
