import { type Asn1Element, contextConstructed, TAG } from '../asn1/element.js';
import { Fields } from '../asn1/fields.js';
import { oidOf } from '../asn1/values.js';
import { PkiError, refusingAs } from '../errors.js';
import type { Certificate } from './certificate.js';
import { readCertificate } from './read-certificate.js';

const SIGNED_DATA = '1.2.840.113549.1.7.2';

/**
 * The certificates of a certificates-only CMS SignedData (RFC 5652 §5, RFC 5024 §10.4): no signer, no content.
 * @throws PkiError `cms-malformed`, `no-certificate`, `too-large`, and what a certificate inside is refused for
 */
export function readCertificateBag(contentInfo: Asn1Element, maximum: number): Certificate[] {
  return refusingAs('cms-malformed', 'The CMS object cannot be read', () => {
    const [type, content] = contentInfo.children;
    const contentType = oidOf(type, 'contentType');
    if (contentType !== SIGNED_DATA) {
      throw new PkiError(
        'cms-malformed',
        `The file is CMS of type ${contentType}; only certificates-only SignedData is read.`,
      );
    }
    const fields = Fields.of(content?.children[0], TAG.sequence, 'SignedData');
    fields.required(TAG.integer, 'version');
    fields.required(TAG.set, 'digestAlgorithms');
    fields.required(TAG.sequence, 'encapContentInfo');
    const certificates = fields.optional(contextConstructed(0))?.children ?? [];
    const lists = fields.optional(contextConstructed(1))?.children ?? [];
    const signers = fields.required(TAG.set, 'signerInfos').children;
    fields.end();
    if (signers.length > 0) {
      throw new PkiError(
        'cms-malformed',
        'The file is signed CMS data; certificates come in a CMS object without a signer.',
      );
    }
    // Attribute certificates and other kinds stand beside X.509 certificates under tags of their own (RFC 5652 §10.2.2).
    const plainCertificates = certificates.filter((choice) => choice.tag === TAG.sequence);
    if (plainCertificates.length > maximum) {
      throw new PkiError(
        'too-large',
        `The file holds ${plainCertificates.length} certificates; at most ${maximum} are read.`,
      );
    }
    if (plainCertificates.length === 0) {
      throw lists.length > 0
        ? new PkiError('crl-not-certificate', 'The file is a CMS object with revocation lists, but no certificate.')
        : new PkiError('no-certificate', 'The file is a CMS object without certificates.');
    }
    return plainCertificates.map((choice) => readCertificate(choice.octets));
  });
}
