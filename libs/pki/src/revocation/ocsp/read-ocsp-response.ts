import { type Asn1Element, contextConstructed, contextPrimitive, malformed, TAG, tagName } from '../../asn1/element.js';
import { Fields } from '../../asn1/fields.js';
import { readDer } from '../../asn1/read-der.js';
import { bitOctetsOf, booleanOf, oidOf, smallIntegerOf, timeOf, want } from '../../asn1/values.js';
import { readCertificate } from '../../certificate/index.js';
import { readSignatureAlgorithm } from '../../certificate/signature-algorithm.js';
import { isPkiError, PkiError, refusingAs } from '../../errors.js';
import { readName } from '../../names/name-der.js';
import { plain, toHex } from '../../octets.js';
import { reasonOf } from '../reasons.js';
import { readCertificateId } from './certificate-id.js';
import { OCSP } from './ocsp-oids.js';
import {
  type BasicOcspResponse,
  type CertificateStatus,
  OCSP_RESPONSE_STATUS,
  type OcspResponse,
  type ResponderId,
  type SingleResponse,
} from './ocsp-response.js';

/** Bounds for one response; those in use have 1 to 5 KiB. */
export const OCSP_RESPONSE_LIMITS = { octets: 131_072, depth: 20, elements: 8192 };

const MAXIMUM_RESPONSES = 256;
const MAXIMUM_CERTIFICATES = 16;

/**
 * Reads an OCSPResponse. Reading says nothing about signature or dates.
 * @throws PkiError `ocsp-malformed`, `trailing-octets`, `too-large`
 */
export function readOcspResponse(der: Uint8Array): OcspResponse {
  return refusingAs('ocsp-malformed', 'The OCSP response cannot be read', () => {
    const own = der.length > OCSP_RESPONSE_LIMITS.octets ? der : plain(der);
    const fields = Fields.of(readDer(own, OCSP_RESPONSE_LIMITS), TAG.sequence, 'OCSPResponse');
    const number = smallIntegerOf(fields.required(TAG.enumerated, 'responseStatus'), 'responseStatus', TAG.enumerated);
    const bytes = fields.optional(contextConstructed(0));
    fields.end();
    const status = OCSP_RESPONSE_STATUS[number];
    if (status === undefined) throw malformed(`the responseStatus is ${number}`);
    if (status !== 'successful') return { status };
    return { status, basic: readBasic(responseOf(bytes)) };
  });
}

function responseOf(bytes: Asn1Element | undefined): Asn1Element {
  const fields = Fields.of(inside(bytes, 'responseBytes'), TAG.sequence, 'responseBytes');
  const type = oidOf(fields.required(TAG.oid, 'responseType'), 'responseType');
  const response = fields.required(TAG.octetString, 'response');
  fields.end();
  if (type !== OCSP.basic) throw malformed(`the responseType is ${type}, not id-pkix-ocsp-basic`);
  return readDer(response.content, OCSP_RESPONSE_LIMITS);
}

function readBasic(element: Asn1Element): BasicOcspResponse {
  const outer = Fields.of(element, TAG.sequence, 'BasicOCSPResponse');
  const tbs = outer.required(TAG.sequence, 'tbsResponseData');
  const signatureAlgorithm = readSignatureAlgorithm(outer.required(TAG.sequence, 'signatureAlgorithm'));
  const signature = bitOctetsOf(outer.required(TAG.bitString, 'signature'), 'signature');
  const certs = outer.optional(contextConstructed(0));
  outer.end();

  const fields = Fields.of(tbs, TAG.sequence, 'ResponseData');
  const version = fields.optional(contextConstructed(0));
  if (version !== undefined && smallIntegerOf(inside(version, 'version'), 'version') !== 0)
    throw malformed('the version is not 1');
  const responderID = readResponderId(fields.any('responderID'));
  const producedAt = generalizedTime(fields.any('producedAt'), 'producedAt');
  const responses = fields.required(TAG.sequence, 'responses').children;
  if (responses.length === 0 || responses.length > MAXIMUM_RESPONSES)
    throw malformed(`${responses.length} responses where 1 to ${MAXIMUM_RESPONSES} are accepted`);
  const extensions = readExtensions(fields.optional(contextConstructed(1)), 'responseExtensions');
  fields.end();
  return {
    responderID,
    producedAt,
    responses: responses.map(readSingle),
    nonce: extensions.nonce,
    unknownCriticalExtensions: extensions.unknownCritical,
    signatureAlgorithm,
    signature,
    tbsResponseData: tbs.octets,
    certs: readCertificates(certs),
  };
}

function readResponderId(element: Asn1Element): ResponderId {
  if (element.tag === contextConstructed(1))
    return { form: 'byName', name: readName(inside(element, 'byName'), 'the name of the responder') };
  if (element.tag !== contextConstructed(2))
    throw malformed(`the responderID is ${tagName(element.tag)}, neither byName nor byKey`);
  const { content } = want(inside(element, 'byKey'), TAG.octetString, 'byKey');
  if (content.length !== 20) throw malformed(`byKey has ${content.length} octets, not the 20 of SHA-1`);
  return { form: 'byKey', keyHash: toHex(content) };
}

function readSingle(element: Asn1Element): SingleResponse {
  const fields = Fields.of(element, TAG.sequence, 'singleResponse');
  const certID = readCertificateId(fields.any('certID'));
  const certStatus = readStatus(fields.any('certStatus'));
  const thisUpdate = generalizedTime(fields.any('thisUpdate'), 'thisUpdate');
  const next = fields.optional(contextConstructed(0));
  const nextUpdate = next === undefined ? undefined : generalizedTime(inside(next, 'nextUpdate'), 'nextUpdate');
  const { unknownCritical } = readExtensions(fields.optional(contextConstructed(1)), 'singleExtensions');
  fields.end();
  if (nextUpdate !== undefined && nextUpdate.getTime() < thisUpdate.getTime())
    throw malformed('nextUpdate is before thisUpdate');
  return { certID, certStatus, thisUpdate, nextUpdate, unknownCriticalExtensions: unknownCritical };
}

function readStatus(element: Asn1Element): CertificateStatus {
  if (element.tag === contextConstructed(1)) {
    const fields = new Fields(element.children, 'revokedInfo');
    const at = generalizedTime(fields.any('revocationTime'), 'revocationTime');
    const code = fields.optional(contextConstructed(0));
    fields.end();
    if (code === undefined) return { status: 'revoked', at, reason: 'unspecified' };
    const { content } = want(inside(code, 'revocationReason'), TAG.enumerated, 'revocationReason');
    if (content.length !== 1) throw malformed('revocationReason is not one octet');
    return { status: 'revoked', at, reason: reasonOf(content[0], 'revocationReason') };
  }
  const good = element.tag === contextPrimitive(0);
  if ((!good && element.tag !== contextPrimitive(2)) || element.content.length !== 0)
    throw malformed(`the certStatus is ${tagName(element.tag)}, none of good, revoked and unknown`);
  return { status: good ? 'good' : 'unknown' };
}

function readExtensions(
  element: Asn1Element | undefined,
  what: string,
): { nonce: Uint8Array | undefined; unknownCritical: readonly string[] } {
  const seen = new Set<string>();
  const unknownCritical: string[] = [];
  let nonce: Uint8Array | undefined;
  const list = element === undefined ? [] : want(inside(element, what), TAG.sequence, what).children;
  for (const extension of list) {
    const fields = Fields.of(extension, TAG.sequence, 'extension');
    const oid = oidOf(fields.required(TAG.oid, 'extnID'), 'extnID');
    const critical = fields.optional(TAG.boolean);
    const { content } = fields.required(TAG.octetString, 'extnValue');
    fields.end();
    if (seen.has(oid)) throw malformed(`the extension ${oid} occurs twice`);
    seen.add(oid);
    if (oid === OCSP.nonce) nonce = nonceOf(content);
    else if (critical !== undefined && booleanOf(critical, 'critical')) unknownCritical.push(oid);
  }
  return { nonce, unknownCritical };
}

/** RFC 8954 §2.1 wants an OCTET STRING inside the value; responders of RFC 2560 put the bare octets there. */
function nonceOf(value: Uint8Array): Uint8Array {
  try {
    return want(readDer(value, OCSP_RESPONSE_LIMITS), TAG.octetString, 'nonce').content;
  } catch (error) {
    if (isPkiError(error)) return value;
    throw error;
  }
}

function readCertificates(element: Asn1Element | undefined): BasicOcspResponse['certs'] {
  if (element === undefined) return [];
  const { children } = want(inside(element, 'certs'), TAG.sequence, 'certs');
  if (children.length > MAXIMUM_CERTIFICATES)
    throw new PkiError('too-large', `more than ${MAXIMUM_CERTIFICATES} certificates in one OCSP response`);
  return children.map(({ octets }) => {
    try {
      return readCertificate(octets);
    } catch (error) {
      if (isPkiError(error, 'certificate-malformed')) throw malformed(error.message);
      throw error;
    }
  });
}

/** The one element inside an explicit tag. */
function inside(element: Asn1Element | undefined, what: string): Asn1Element {
  const [one, more] = element?.children ?? [];
  if (one === undefined || more !== undefined) throw malformed(`${what} is not one element`);
  return one;
}

/** RFC 6960 §4.2.2.1: GeneralizedTime in the form of RFC 5280. */
const generalizedTime = (element: Asn1Element, what: string): Date =>
  timeOf(want(element, TAG.generalizedTime, what), what);
