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

/** Writes all of it: the kernel may take less than it was given. */
async function writeWhole(file: FileHandle, octets: Uint8Array): Promise<void> {
  for (let done = 0; done < octets.length;) {
    const { bytesWritten } = await file.write(octets, done);
    done += bytesWritten;
  }
}

function toFile(path: string): FileAcceptance {
  return {
    offered: async () => {
      // Over the file of the round before, unless that was taken away.
      const file = await open(path, constants.O_WRONLY | constants.O_CREAT);
      const complete = async () => {
        await file.close();
        return { stored: true, owing: false } as const;
      };
      const write = (octets: Uint8Array) => writeWhole(file, octets);
      const intake = {
        maximumOctets: 1n << 50n,
        restartPosition: 0n,
        write,
        complete,
        abandon: () => void file.close(),
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
