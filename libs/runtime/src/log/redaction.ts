const PLACEHOLDER = '[redacted]';

/** Names of fields that hold secrets, in lower case without separators. A second line of defence: nobody should log them at all. */
const SECRET_NAMES = new Set([
  'password',
  'ourpassword',
  'passphrase',
  'secret',
  'privatekey',
  'sealedkey',
  'sealed',
  'seed',
  'creds',
  'credentials',
  'token',
  'authorization',
  'pkcs12',
  'ssidpswd',
  'sfnapswd',
]);

/** Texts that are secrets wherever they stand: PEM private keys, and secrets sealed for the gateway. */
const SECRET_TEXT =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----[\s\S]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----|$)|certlane\.(?:sealed|box)\.v1\.[\w.-]+/g;

/** Deeper than any field of ours: a record of cycles must not hang the log. */
const MAX_DEPTH = 6;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/** Replaces what looks like a secret inside a text. */
export function redactText(text: string): string {
  return text.length > 16 && (text.includes('-----BEGIN') || text.includes('certlane.'))
    ? text.replace(SECRET_TEXT, PLACEHOLDER)
    : text;
}

/** The fields of a log line with secrets replaced; errors are left to {@link errorFields}. */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return redactRecord(fields, 0);
}

function redactRecord(record: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    copy[name] = isSecretName(name) ? PLACEHOLDER : redactValue(value, depth + 1);
  }
  return copy;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Error.isError(value)) return errorFields(value, depth);
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} octets]`;
  return 'toJSON' in value ? value : redactRecord(value, depth);
}

/** What a log line says of an error, its causes included. */
export function errorFields(error: Error, depth = 0): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { code, details } = error as { code?: unknown; details?: unknown };
  return {
    type: name,
    message: redactText(message),
    ...(code === undefined ? {} : { code }),
    ...(typeof details === 'object' && details !== null ? { details: redactRecord(details, depth + 1) } : {}),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
    ...(cause === undefined || depth >= MAX_DEPTH ? {} : { cause: redactValue(cause, depth + 1) }),
  };
}
