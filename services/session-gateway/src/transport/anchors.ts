import { createHash } from 'node:crypto';
import {
  ANY_KEY_PURPOSE,
  isPkiError,
  IssuerIndex,
  KEY_PURPOSE,
  readCertificate,
  validatePath,
  type Certificate,
  type KeyUsageFlag,
  type PathVerdict,
} from '@certlane/pki';

/** Strangers choose what they present, and the search runs before anybody knows them: room for what occurs, and no more. */
const LIMITS = { pathCertificates: 6, intermediates: 15, signatures: 12, steps: 24, paths: 4 };

/** What a peer is in the handshake. */
export type TlsRole = 'server' | 'client';

/** Whether a peer's certificates end at an installed issuer; if not, why: a code as Node names it, and a sentence. */
export type PeerVerdict =
  { readonly trusted: true } | { readonly trusted: false; readonly code: string; readonly message: string };

/**
 * The installed issuers, and the verdict over a peer's certificates.
 *
 * OpenSSL is not asked: every context would need its own copy of all issuers (2,000 take 13 MB and 160 ms, times the number of
 * stations), and a server would name all of them in each handshake, where from some 65,000 octets of names on every handshake
 * fails. One index serves all stations instead, a change costs what is changed, and the rules are those by which certificates are
 * taken over. System authorities are never trusted.
 */
export class Anchors {
  readonly #issuers = new IssuerIndex();

  get size(): number {
    return this.#issuers.size;
  }

  /** Fingerprints of all. */
  fingerprints(): readonly string[] {
    return this.#issuers.fingerprints();
  }

  /**
   * Trusts an issuer; one that is trusted already costs a hash.
   * @returns its fingerprint
   * @throws {PkiError} when it cannot be read
   */
  add(der: Uint8Array): string {
    const fingerprint = createHash('sha256').update(der).digest('hex');
    if (!this.#issuers.has({ fingerprint })) this.#issuers.add(readCertificate(der));
    return fingerprint;
  }

  /** Trusts an issuer no more. */
  remove(fingerprint: string): void {
    this.#issuers.delete(fingerprint);
  }

  /**
   * Judges what a peer presented by RFC 5280 §6.1 and by its purpose (§4.2.1.3, §4.2.1.12).
   * @param chain its certificate, then what it sent along, in any order
   */
  judge(chain: readonly { readonly raw: Uint8Array }[], role: TlsRole, at = new Date()): PeerVerdict {
    try {
      return this.#judge(chain, role, at);
    } catch (error) {
      // A defect of ours that a stranger's certificate brings to light costs that handshake, never the process.
      return refused('CERT_UNTRUSTED', Error.isError(error) ? error.message : 'its certificate cannot be judged');
    }
  }

  #judge(chain: readonly { readonly raw: Uint8Array }[], role: TlsRole, at: Date): PeerVerdict {
    const [certificate, ...others] = chain.map(({ raw }) => readable(raw));
    if (chain.length === 0) return refused('NO_PEER_CERTIFICATE', 'it presented no certificate');
    if (certificate === undefined) return refused('CERT_MALFORMED', 'its certificate cannot be read');
    const intermediates = others.filter((one) => one !== undefined);
    const found = validatePath({
      certificate,
      intermediates,
      anchors: this.#issuers,
      at,
      anchorMayBeCertificate: true,
      limits: LIMITS,
    });
    const path = found.path.map((fingerprint) => this.#of(fingerprint, [certificate, ...intermediates]));
    return verdictOf(found, certificate) ?? unfit(path, role) ?? { trusted: true };
  }

  #of(fingerprint: string, presented: readonly Certificate[]): Certificate | undefined {
    return this.#issuers.get(fingerprint) ?? presented.find((one) => one.fingerprint === fingerprint);
  }
}

/** A certificate that came along; one that cannot be read helps nobody and harms nobody. */
function readable(der: Uint8Array): Certificate | undefined {
  try {
    return readCertificate(der);
  } catch (error) {
    if (isPkiError(error)) return undefined;
    throw error;
  }
}

function refused(code: string, message: string): PeerVerdict & { trusted: false } {
  return { trusted: false, code, message };
}

function verdictOf(found: PathVerdict, certificate: Certificate): PeerVerdict | undefined {
  const failed = found.checks.find(({ ok }) => !ok);
  if (failed !== undefined || !found.trusted) {
    const message = failed?.message ?? 'no path to an installed issuer was found';
    if (failed?.check === 'validity') {
      return refused(message.includes('not valid before') ? 'CERT_NOT_YET_VALID' : 'CERT_HAS_EXPIRED', message);
    }
    if (failed?.check === 'issuer-known') return refused(issuerCode(found, certificate), message);
    return refused(failed?.check === 'signature' ? 'CERT_SIGNATURE_FAILURE' : 'CERT_UNTRUSTED', message);
  }
  const [weakness] = found.weaknesses;
  return weakness === undefined ? undefined : refused('CERT_WEAK', weakness.message);
}

function issuerCode({ path }: PathVerdict, certificate: Certificate): string {
  if (path.length <= 1 && certificate.selfIssued) return 'DEPTH_ZERO_SELF_SIGNED_CERT';
  return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
}

const PURPOSE = { server: KEY_PURPOSE.serverAuth, client: KEY_PURPOSE.clientAuth } as const;

/** Of which a certificate that restricts its key usage must allow one. */
const KEY_USAGE: Readonly<Record<TlsRole, readonly KeyUsageFlag[]>> = {
  server: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  client: ['digitalSignature', 'keyAgreement'],
};

function unfit(path: readonly (Certificate | undefined)[], role: TlsRole): PeerVerdict | undefined {
  const [own] = path;
  const keyUsage = own?.keyUsage;
  if (keyUsage !== undefined && !KEY_USAGE[role].some((flag) => keyUsage.flags.includes(flag))) {
    return refused('INVALID_PURPOSE', `the key usage of its certificate does not allow it to be a TLS ${role}`);
  }
  // An authority that names purposes restricts what is below it to them, as OpenSSL and the browsers read it.
  const excluded = path.some((one) => {
    const purposes = one?.extendedKeyUsage;
    return purposes !== undefined && !purposes.includes(PURPOSE[role]) && !purposes.includes(ANY_KEY_PURPOSE);
  });
  return excluded
    ? refused(
        'INVALID_PURPOSE',
        `the extended key usage of its certificate or of an issuer does not allow a TLS ${role}`,
      )
    : undefined;
}
