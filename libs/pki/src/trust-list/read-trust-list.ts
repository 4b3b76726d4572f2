import { isPkiError, PkiError } from '../errors.js';
import { TRUST_LIST_LIMITS } from './limits.js';
import { nameOf, numberOf, optionalTimeOf, requireNoCritical, timeOf } from './list-values.js';
import { TSL } from './namespaces.js';
import { readService } from './read-service.js';
import { readXml } from './read-xml.js';
import type { SkippedEntry, TrustList, TrustService, TrustServiceProvider } from './trust-list.js';
import { childrenOf, isNamed, optionalChild, requiredChild, type XmlElement } from './xml-element.js';

/**
 * Reads a trust list from the octets that its signature covers, as `verifyTrustList` returns them. A broken entry is
 * passed over and reported; without the facts of the scheme there is no list.
 * @throws PkiError `too-large`, `trust-list-malformed`, `trust-list-unsafe`
 */
export function readTrustList(signedOctets: Uint8Array): TrustList {
  const { root } = readXml(signedOctets);
  if (!isNamed(root, TSL, 'TrustServiceStatusList')) {
    throw new PkiError(
      'trust-list-malformed',
      `The document is a ${root.name.slice(0, 60)}, not a TrustServiceStatusList.`,
    );
  }
  const scheme = requiredChild(root, TSL, 'SchemeInformation');
  requireNoCritical(scheme, 'SchemeExtensions');
  const skipped: SkippedEntry[] = [];
  return {
    schemeName: nameOf(scheme, 'SchemeName'),
    operatorName:
      optionalChild(scheme, TSL, 'SchemeOperatorName') === undefined ? undefined : nameOf(scheme, 'SchemeOperatorName'),
    sequenceNumber: numberOf(scheme, 'TSLSequenceNumber'),
    issuedAt: timeOf(scheme, 'ListIssueDateTime'),
    nextUpdate: optionalTimeOf(scheme, 'NextUpdate'),
    providers: providersOf(optionalChild(root, TSL, 'TrustServiceProviderList'), skipped),
    skipped,
  };
}

function providersOf(list: XmlElement | undefined, skipped: SkippedEntry[]): TrustServiceProvider[] {
  const elements = list === undefined ? [] : childrenOf(list, TSL, 'TrustServiceProvider');
  requireAtMost(elements.length, TRUST_LIST_LIMITS.providers, 'providers');
  let services = 0;
  return elements.flatMap((element, index) => {
    const place = `TrustServiceProvider ${index + 1}`;
    try {
      const information = requiredChild(element, TSL, 'TSPInformation');
      requireNoCritical(information, 'TSPInformationExtensions');
      const name = nameOf(information, 'TSPName');
      const entries = childrenOf(requiredChild(element, TSL, 'TSPServices'), TSL, 'TSPService');
      services += entries.length;
      requireAtMost(services, TRUST_LIST_LIMITS.services, 'services');
      return [{ name, services: servicesOf(entries, place, skipped) }];
    } catch (error) {
      if (!isPkiError(error, 'trust-list-malformed')) throw error;
      skipped.push({ place, reason: 'provider-malformed', message: error.message });
      return [];
    }
  });
}

function servicesOf(entries: readonly XmlElement[], provider: string, skipped: SkippedEntry[]): TrustService[] {
  return entries.flatMap((entry, index) => {
    const result = readService(entry);
    if (result.ok) return [result.service];
    const { reason, message } = result;
    skipped.push({ place: `${provider}, TSPService ${index + 1}`, reason, message });
    return [];
  });
}

function requireAtMost(number: number, limit: number, what: string): void {
  if (number > limit) throw new PkiError('too-large', `The trust list has more than ${limit} ${what}.`);
}
