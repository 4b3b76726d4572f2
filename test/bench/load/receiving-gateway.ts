import { MemoryGateway, type FileAcceptance } from '@certlane/session-gateway/testing';
import { createPrivateKey } from 'node:crypto';
import { constants, open, type FileHandle } from 'node:fs/promises';
import { readCertificates } from '@certlane/pki';

/** What the parent hands over. */
export interface ReceivingStart {
  readonly station: string;
  readonly partner: string;
  /** PEM: certificate with its chain, key, authority of the caller. */
  readonly certificates: string;
  readonly key: string;
  /** Where received files go. */
  readonly path: string;
  readonly bufferSize: number;
  readonly credit: number;
}

/** What it hears when the gateway listens. */
export interface ReceivingNews {
  readonly port: number;
}

/** Octets that are written at once. */
const PIECE = 1024 * 1024;

/** Writes a file piece by piece: while one is being written, the next is filled. */
class FileSink {
  #filling = Buffer.allocUnsafeSlow(PIECE);
  #spare = Buffer.allocUnsafeSlow(PIECE);
  #filled = 0;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly file: FileHandle) {}

  write(octets: Uint8Array): Promise<void> | undefined {
    if (this.#filled + octets.length > PIECE) return this.#turn().then(() => this.write(octets));
    this.#filling.set(octets, this.#filled);
    this.#filled += octets.length;
    return undefined;
  }

  async close(): Promise<void> {
    await this.#turn();
    await this.#writing;
    await this.file.close();
  }

  async #turn(): Promise<void> {
    await this.#writing;
    this.#writing = this.file.write(this.#filling, 0, this.#filled);
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
  }
}

function toFile(path: string): FileAcceptance {
  return {
    offered: async () => {
      // Over the file of the round before: the kernel's search for fresh memory is not what is measured.
      const sink = new FileSink(await open(path, constants.O_WRONLY | constants.O_CREAT));
      const complete = async () => {
        await sink.close();
        return { stored: true, owing: false } as const;
      };
      const write = (octets: Uint8Array) => sink.write(octets);
      const intake = {
        maximumOctets: 1n << 50n,
        restartPosition: 0n,
        write,
        complete,
        abandon: () => void sink.close(),
      };
      return { accepted: true, intake };
    },
  };
}

process.once('message', (start: ReceivingStart) => void receive(start));
process.once('disconnect', () => process.exit());

async function receive({
  station,
  partner,
  certificates,
  key,
  path,
  bufferSize,
  credit,
}: ReceivingStart): Promise<void> {
  const capabilities = { mode: 'B', bufferSize, credit, compression: false, restart: true } as const;
  const gateway = new MemoryGateway({ config: { tcp: undefined, capabilities }, payload: toFile(path) });
  const [certificate, ...chain] = readCertificates(Buffer.from(certificates));
  if (certificate === undefined) throw new Error('a certificate is needed');
  gateway.setStationTls(station, { certificate, chain, privateKey: createPrivateKey(key) }, 'localhost');
  gateway.addPartner({ station, partner, partnerPassword: 'PWA', ourPassword: 'PWB' });
  const { tls } = await gateway.open();
  process.send?.({ port: tls?.port ?? 0 } satisfies ReceivingNews);
}
