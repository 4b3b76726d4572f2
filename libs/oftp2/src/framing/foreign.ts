/** Who is on the line when it is not an OFTP station. */
export type ForeignProtocol = 'TLS' | 'HTTP' | 'SSH';

const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'latin1')];

/** First octets by which other protocols are known; all fit into a stream transmission header. */
const OPENINGS: readonly { readonly octets: readonly number[]; readonly protocol: ForeignProtocol }[] = [
  { octets: [0x16, 0x03], protocol: 'TLS' },
  { octets: ascii('SSH-'), protocol: 'SSH' },
  ...['GET ', 'POST', 'HEAD', 'PUT ', 'DELE', 'OPTI', 'PATC', 'CONN', 'TRAC', 'PRI ', 'HTTP'].map((method) => ({
    octets: ascii(method),
    protocol: 'HTTP' as const,
  })),
];

/** A client of another protocol is connected: there is nobody to send an ESID to, the connection is just closed. */
export class ForeignProtocolError extends Error {
  override readonly name = 'ForeignProtocolError';
  readonly code = 'OFTP2_FOREIGN_PROTOCOL';

  /** @param protocol what the first octets belong to */
  constructor(readonly protocol: ForeignProtocol) {
    super(`The first octets are ${protocol}, not ODETTE-FTP; check which port the client is meant to call`);
  }
}

/** The protocol whose opening these four octets are, if any. */
export function foreignProtocolOf(opening: readonly number[]): ForeignProtocol | undefined {
  return OPENINGS.find((row) => row.octets.every((octet, index) => opening[index] === octet))?.protocol;
}
