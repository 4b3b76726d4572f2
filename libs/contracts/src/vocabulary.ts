import { z } from 'zod';

/**
 * Identification code of a station (RFC 5024 §5.4): ISO 646 subset, 25 characters at most, no blank at either end
 * (trailing blanks are padding on the wire).
 */
export const odetteId = z
  .string()
  .min(1, 'an Odette ID has 1 to 25 characters')
  .max(25, 'an Odette ID has 25 characters at most')
  .regex(/^[0-9A-Z/\-.&() ]+$/, 'an Odette ID holds A-Z, 0-9, / - . & ( ) and inner blanks only')
  .regex(/^\S(?:.*\S)?$/, 'an Odette ID neither starts nor ends with a blank');

/** What a certificate serves for. */
export const usages = ['tls', 'session-authentication', 'file-encryption', 'file-signature', 'eerp-signature'] as const;
/** One usage. */
export const usage = z.enum(usages);
/** One usage. */
export type Usage = z.infer<typeof usage>;
/** At least one usage, each once. */
export const usageList = z
  .array(usage)
  .min(1, 'at least one usage is needed')
  .max(usages.length, 'there are no more usages than five')
  .transform((list) => usages.filter((item) => list.includes(item)));

/** SHA-256 over the DER, lower-case hex: how a certificate is named on the bus. */
export const fingerprint = z.string().regex(/^[0-9a-f]{64}$/, 'a fingerprint is 64 lower-case hex digits (SHA-256)');

/** One certificate, base64 of its DER; 64 KiB of DER at most. */
export const certificateDer = z.base64().max(87_384, 'a certificate has 64 KiB at most');

/** Distinguished name as RFC 4514 text. */
export const distinguishedName = z
  .string()
  .min(1, 'a distinguished name is not empty')
  .max(4096, 'a distinguished name has 4096 characters at most');

/** A secret sealed for the gateway (see sealing in libs/pki): no other process can open it. */
export const sealed = z
  .string()
  .max(131_072, 'a sealed secret has 128 KiB at most')
  .regex(/^certlane\.(?:sealed|box)\.v1\.[\w.-]+$/, 'secrets travel sealed for the gateway only');

/** A sealed password: eight characters and what seals them take some 150. */
export const sealedPassword = sealed.max(1_024, 'a sealed password has 1 KiB at most');

/** A sealed private key: that of RSA with 8,192 bits takes 6,400. */
export const sealedKey = sealed.max(8_192, 'a sealed private key has 8 KiB at most');

/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime();

/** Labels of 1 to 63 letters, digits and inner hyphens (RFC 1123 §2.1). */
const HOST_NAME = /^(?:(?!-)[0-9A-Za-z-]{1,63}(?<!-)\.)*(?!-)[0-9A-Za-z-]{1,63}(?<!-)$/;
const HOST = 'a host is a DNS name or an IP address';

/** A name whose last label is a number would be taken for an address; the unspecified addresses reach nobody. */
function isHost(text: string): boolean {
  if (text === '::' || text === '0.0.0.0') return false;
  if (z.ipv4().safeParse(text).success || z.ipv6().safeParse(text).success) return true;
  return HOST_NAME.test(text) && !/(?:^|\.)\d+$/.test(text);
}

/** Host name or address literal. */
export const host = z
  .string()
  .min(1, HOST)
  .max(253, 'a host has 253 characters at most')
  .regex(/^[0-9A-Za-z.:-]+$/, HOST)
  .refine(isHost, HOST);

/** TCP port. */
export const port = z.int().min(1, 'a port is 1 to 65535').max(65535, 'a port is 1 to 65535');

/** A partner is known by its Odette ID inside one of our stations. */
export const partnerRef = z.strictObject({ station: odetteId, partner: odetteId });
/** A partner of a station. */
export type PartnerRef = z.infer<typeof partnerRef>;

/** A certificate as lists show it. */
export const certificateSummary = z.object({
  fingerprint,
  subject: distinguishedName,
  issuer: distinguishedName,
  /** Hex, lower case, without leading zeros. */
  serialNumber: z.string().max(64),
  notBefore: timestamp,
  notAfter: timestamp,
  /** DER BIT STRING octets in hex, as CLID writes them; absent when the certificate has no such extension. */
  keyUsage: z.string().optional(),
  extendedKeyUsage: z.array(z.string()),
});
/** A certificate as lists show it. */
export type CertificateSummary = z.infer<typeof certificateSummary>;

/** The reserved dataset names, in the words of the command line. */
export const exchangeKinds = ['deliver', 'request', 'replace'] as const;
/** Why a certificate file travels. */
export const exchangeKind = z.enum(exchangeKinds);
/** Why a certificate file travels. */
export type ExchangeKind = z.infer<typeof exchangeKind>;

/** What a session may carry: everything, or only certificate files and their answers (the trust bypass). */
export const sessionMode = z.enum(['full', 'exchange-only']);
/** What a session may carry. */
export type SessionMode = z.infer<typeof sessionMode>;

/** Who acts, as the caller says: `operator:anna`, `service:ca-store`, `partner:O0177BETA`. */
export const actor = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.@:/&()\- ]+$/, 'an actor holds letters, digits and . _ @ : / & ( ) - and blanks only');

/** Why somebody does something, in their words. */
export const reasonText = z
  .string()
  .trim()
  .min(1, 'a reason is not empty')
  .max(512, 'a reason has 512 characters at most')
  .regex(/^[^\p{Cc}]*$/u, 'a reason holds no control characters');

/** A fetchable address, as an operator gives it. */
export const webAddress = z
  .string()
  .max(1_024, 'an address has 1024 characters at most')
  .regex(/^https?:\/\/[^\s/]+/i, 'an address begins with http:// or https://');

/** Nothing to say beyond success. */
export const empty = z.object({});
