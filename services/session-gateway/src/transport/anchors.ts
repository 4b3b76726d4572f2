/**
 * OpenSSL's auxiliary trust settings, appended to a certificate: SEQUENCE { SEQUENCE { serverAuth, clientAuth } }.
 *
 * They make a certificate a trust anchor although it is not its own issuer. An operator may install an authority below a
 * root without the root, and Node passes no partial-chain flag on to a TLS server's default context.
 */
const TRUST_SETTINGS = Buffer.from('3016301406082b0601050507030106082b06010505070302', 'hex');

/** A certificate in PEM. */
export function certificatePem(der: Uint8Array): string {
  return pem('CERTIFICATE', der);
}

/** An installed issuer as a TLS context takes it: trusted by itself, as server's and as client's authority. */
export function anchorPem(der: Uint8Array): string {
  return pem('TRUSTED CERTIFICATE', Buffer.concat([der, TRUST_SETTINGS]));
}

function pem(label: string, octets: Uint8Array): string {
  const lines = Buffer.from(octets)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
