/** Namespace of ETSI TS 102 231 v2. */
export const TSL = 'http://uri.etsi.org/02231/v2#';

/** Namespace of XML signatures. */
export const DS = 'http://www.w3.org/2000/09/xmldsig#';

/** Namespace of XAdES 1.3.2 (ETSI TS 101 903). */
export const XADES = 'http://uri.etsi.org/01903/v1.3.2#';
