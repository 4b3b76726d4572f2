import { type Certificate, readCertificate } from '../certificate/index.js';
import { isPkiError, PkiError } from '../errors.js';
import { TRUST_LIST_LIMITS } from './limits.js';
import { nameOf, requireNoCritical, textOf, timeOf } from './list-values.js';
import { TSL } from './namespaces.js';
import type { SkipReason, TrustService } from './trust-list.js';
import { childrenOf, requiredChild, type XmlElement } from './xml-element.js';

/** A service, or why it is passed over. */
export type ServiceResult =
  | { readonly ok: true; readonly service: TrustService }
  | { readonly ok: false; readonly reason: SkipReason; readonly message: string };

/**
 * Reads one TSPService. One certificate that cannot be read spoils the whole service: without it a root, which is listed to
 * complete the chain, could look like the listed authority.
 */
export function readService(element: XmlElement): ServiceResult {
  try {
    const information = requiredChild(element, TSL, 'ServiceInformation');
    requireNoCritical(information, 'ServiceInformationExtensions');
    const certificates = certificatesOf(requiredChild(information, TSL, 'ServiceDigitalIdentity'));
    if (!Array.isArray(certificates)) return certificates;
    const service = {
      name: nameOf(information, 'ServiceName'),
      type: textOf(information, 'ServiceTypeIdentifier'),
      status: textOf(information, 'ServiceStatus'),
      statusSince: timeOf(information, 'StatusStartingTime'),
      certificates,
    };
    return { ok: true, service };
  } catch (error) {
    if (!isPkiError(error)) throw error;
    return { ok: false, reason: 'service-malformed', message: error.message };
  }
}

function certificatesOf(identity: XmlElement): Certificate[] | Extract<ServiceResult, { ok: false }> {
  const texts = childrenOf(identity, TSL, 'DigitalId').flatMap((id) => childrenOf(id, TSL, 'X509Certificate'));
  if (texts.length > TRUST_LIST_LIMITS.certificatesOfService) {
    const message = `It lists ${texts.length} certificates; at most ${TRUST_LIST_LIMITS.certificatesOfService} are read.`;
    return { ok: false, reason: 'too-many-certificates', message };
  }
  const certificates = new Map<string, Certificate>();
  for (const [index, { text }] of texts.entries()) {
    try {
      const certificate = certificateOf(text);
      certificates.set(certificate.fingerprint, certificate);
    } catch (error) {
      if (!isPkiError(error)) throw error;
      return { ok: false, reason: 'certificate-malformed', message: `X509Certificate ${index + 1}: ${error.message}` };
    }
  }
  return [...certificates.values()];
}

function certificateOf(text: string): Certificate {
  const base64 = text.replace(/\s+/g, '');
  if (base64 === '' || base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) {
    throw new PkiError('certificate-malformed', 'It is no base64.');
  }
  return readCertificate(Buffer.from(base64, 'base64'));
}
