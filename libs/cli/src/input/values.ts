import { host, odetteId, port } from '@certlane/contracts';
import type { z } from 'zod';
import { invalid } from './invalid.js';

/**
 * An Odette ID (RFC 5024 §5.4).
 * @throws {CertlaneError} `invalid-argument`
 */
export function odetteIdFrom(text: string, field: string): string {
  return checked(odetteId, text, field, 'write it as agreed, e.g. O0013000000ACME');
}

/**
 * A host name or address literal.
 * @throws {CertlaneError} `invalid-argument`
 */
export function hostFrom(text: string, field: string): string {
  return checked(host, text, field, 'write it without scheme and port, e.g. oftp.example.com');
}

/**
 * A TCP port.
 * @throws {CertlaneError} `invalid-argument`
 */
export function portFrom(text: string, field: string): number {
  const number = wholeNumber(text);
  if (number === undefined || !port.safeParse(number).success) {
    throw invalid(field, text, 'a port is a number from 1 to 65535; OFTP2 uses 6619 with TLS and 3305 without');
  }
  return number;
}

/**
 * A whole number inside bounds.
 * @throws {CertlaneError} `invalid-argument`
 */
export function numberFrom(text: string, field: string, minimum: number, maximum: number): number {
  const number = wholeNumber(text);
  if (number === undefined || number < minimum || number > maximum) {
    throw invalid(field, text, `a whole number from ${minimum} to ${maximum} is wanted`);
  }
  return number;
}

/**
 * One of a few words.
 * @throws {CertlaneError} `invalid-argument`
 */
export function choiceFrom<Choice extends string>(text: string, field: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw invalid(field, text, `choose one of ${choices.join(', ')}`);
  return found;
}

function checked<Output>(schema: z.ZodType<Output>, text: string, field: string, remedy: string): Output {
  const result = schema.safeParse(text);
  if (result.success) return result.data;
  throw invalid(field, text, `${result.error.issues[0]?.message ?? 'not allowed'}; ${remedy}`);
}

function wholeNumber(text: string): number | undefined {
  return /^(?:0|[1-9]\d{0,8})$/.test(text) ? Number(text) : undefined;
}
