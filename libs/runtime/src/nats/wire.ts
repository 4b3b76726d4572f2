import { CertlaneError, errorHeaders, errorTable, isErrorCode, type ErrorDetails } from '@certlane/contracts';
import { headers as newHeaders, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import { z } from 'zod';

/** Fits a message of 1 MiB, nats-server's default, with room for headers. */
export const MAX_BODY_OCTETS = 1_000_000;

const errorBody = z.object({
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** An error as it travels: codes in headers, sentence and details in the body; only what may be disclosed. */
export function encodeError(error: CertlaneError): { readonly headers: MsgHdrs; readonly body: string } {
  const { code, message, details } = error.disclosed();
  const headers = newHeaders();
  headers.set(errorHeaders.code, code);
  headers.set(errorHeaders.serviceCode, String(errorTable[code].httpStatus));
  headers.set(errorHeaders.serviceText, message.replace(/[\r\n]+/g, ' '));
  return { headers, body: JSON.stringify({ message, details }) };
}

/** The error a reply carries; undefined when it carries none. A code that we do not know becomes `internal`. */
export function decodeError(reply: Msg): CertlaneError | undefined {
  const code = reply.headers?.get(errorHeaders.code);
  const foreign = reply.headers?.get(errorHeaders.serviceCode);
  if (!code && !foreign) return undefined;
  if (!isErrorCode(code)) return new CertlaneError('internal', `the service answered with error ${code || foreign}`);
  const body = errorBody.safeParse(parseJson(reply));
  if (!body.success) return new CertlaneError(code, reply.headers?.get(errorHeaders.serviceText) || code);
  return new CertlaneError(code, body.data.message, { details: (body.data.details ?? {}) satisfies ErrorDetails });
}

/** Content of a message as JSON; undefined when it is none. */
export function parseJson(message: { json(): unknown }): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

/**
 * What a caller got wrong, by field. zod's texts name what was expected and never what was given, so they may travel.
 * @param what `request`, `event`, ...
 */
export function invalid(what: string, error: z.ZodError): CertlaneError {
  const issue = error.issues[0];
  const path =
    issue === undefined ? [] : issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = path.map(String).join('.');
  const message = issue?.message ?? 'is not valid';
  return field === ''
    ? new CertlaneError('invalid-argument', `the ${what} is not valid: ${message}`)
    : new CertlaneError('invalid-argument', `field '${field}' of the ${what} is not valid: ${message}`, {
        details: { field },
      });
}
