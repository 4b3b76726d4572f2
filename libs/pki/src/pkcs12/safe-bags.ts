import type { KeyObject } from 'node:crypto';
import { type Asn1Element, malformed, TAG } from '../asn1/element.js';
import { oidOf, want } from '../asn1/values.js';
import type { Certificate } from '../certificate/certificate.js';
import { readCertificate } from '../certificate/read-certificate.js';
import { decryptKey, readPlainKey } from '../keys/read-private-key.js';
import type { WorkBudget } from '../password/work-budget.js';

/** What has been found in the bags so far. */
export interface Bags {
  readonly keys: KeyObject[];
  readonly certificates: Certificate[];
}

const BAG = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;

const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const MAXIMUM_BAGS = 64;

/**
 * Takes keys and X.509 certificates out of SafeContents (RFC 7292 §4.2) into `bags`; CRL, secret and unknown bags and the
 * attributes of bags are passed over. Nesting is bounded by the depth the ASN.1 reader allowed.
 */
export function collectBags(safeContents: Asn1Element, password: string, budget: WorkBudget, bags: Bags): void {
  for (const bag of want(safeContents, TAG.sequence, 'SafeContents').children) {
    const [type, wrapped] = want(bag, TAG.sequence, 'a SafeBag').children;
    const value = wrapped?.children[0];
    if (bags.keys.length + bags.certificates.length >= MAXIMUM_BAGS) throw malformed(`more than ${MAXIMUM_BAGS} bags`);
    switch (oidOf(type, 'a bag type')) {
      case BAG.key:
        bags.keys.push(readPlainKey(want(value, TAG.sequence, 'a key bag')));
        break;
      case BAG.shroudedKey:
        bags.keys.push(decryptKey(want(value, TAG.sequence, 'a shrouded key bag'), password, budget));
        break;
      case BAG.certificate:
        bags.certificates.push(...readCertificateBagValue(want(value, TAG.sequence, 'a certificate bag')));
        break;
      case BAG.safeContents:
        collectBags(want(value, TAG.sequence, 'nested SafeContents'), password, budget, bags);
        break;
    }
  }
}

function readCertificateBagValue(bag: Asn1Element): Certificate[] {
  const [type, wrapped] = bag.children;
  if (oidOf(type, 'a certificate type') !== X509_CERTIFICATE) return [];
  return [readCertificate(want(wrapped?.children[0], TAG.octetString, 'a certificate').content)];
}
