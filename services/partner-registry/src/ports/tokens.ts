/** {@link Stations} */
export const STATIONS = Symbol('registry:stations');
/** {@link Partners} */
export const PARTNERS = Symbol('registry:partners');
/** {@link OwnCertificates} */
export const OWN_CERTIFICATES = Symbol('registry:own-certificates');
/** {@link SealedKeys} */
export const SEALED_KEYS = Symbol('registry:sealed-keys');
/** {@link Issuers} */
export const ISSUERS = Symbol('registry:issuers');
/** {@link Validator} */
export const VALIDATOR = Symbol('registry:validator');
/** {@link Reviews} */
export const REVIEWS = Symbol('registry:reviews');
