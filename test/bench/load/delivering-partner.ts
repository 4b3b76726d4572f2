import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import {
  EsidReason,
  FileSender,
  Session,
  type Capabilities,
  type Effect,
  type FileDescription,
  type Indication,
  type Request,
} from '@certlane/oftp2';
import { fileDescription } from '@certlane/oftp2/testing';
import { certificateToPem, envelopChallenge, openChallenge, type Certificate } from '@certlane/pki';
import type { TestIdentity } from '@certlane/pki/testing';

/** Whom to deliver to. */
export interface Target {
  readonly port: number;
  readonly station: string;
  readonly authority: Certificate;
  readonly certificate: Certificate;
}

const CAPABILITIES: Capabilities = { mode: 'B', bufferSize: 4096, credit: 64, compression: false, restart: false };

/** The TLS side of a partner: its certificate, and whom it trusts. */
export function tlsOptions(own: TestIdentity, authority: Certificate) {
  return {
    host: '127.0.0.1',
    servername: 'localhost',
    minVersion: 'TLSv1.3' as const,
    ca: certificateToPem(authority),
    allowPartialTrustChain: true,
    cert: certificateToPem(own.certificate),
    key: own.privateKey.export({ format: 'pem', type: 'pkcs8' }),
  };
}

/** A partner that delivers certificates, each in a session of its own with secure authentication, and takes the EERP. */
export class DeliveringPartner {
  /** Everything delivered so far and the first one: the station challenges for the newest it holds. */
  readonly #keys: TestIdentity[];
  #time = 0;

  constructor(
    readonly id: string,
    readonly own: TestIdentity,
    private readonly target: Target,
  ) {
    this.#keys = [own];
  }

  /** @throws {Error} when the session ends before the EERP */
  async deliver(renewal: TestIdentity): Promise<void> {
    const socket = connect({ ...tlsOptions(this.own, this.target.authority), port: this.target.port });
    socket.setNoDelay(true);
    await once(socket, 'secureConnect');
    await new Delivery(socket, this.id, this.#keys, this.target, renewal.certificate, (this.#time += 1)).done;
    this.#keys.push(renewal);
  }
}

/** One session from SSID to ESID. */
class Delivery {
  readonly done: Promise<void>;
  readonly #session = new Session({ role: 'initiator', capabilities: CAPABILITIES });
  readonly #content: Uint8Array;
  #acknowledged = false;

  constructor(
    private readonly socket: TLSSocket,
    private readonly code: string,
    private readonly keys: readonly TestIdentity[],
    private readonly target: Target,
    certificate: Certificate,
    private readonly time: number,
  ) {
    this.#content = certificate.der;
    this.done = new Promise((resolve, reject) => {
      socket.on('data', (octets: Buffer) => this.#perform(this.#session.receive(octets)));
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.#acknowledged) resolve();
        else reject(new Error(`the session of ${code} ended without an EERP`));
      });
    });
    const password = 'SECRET';
    this.#request({
      primitive: 'F_CONNECT_RQ',
      code,
      password,
      authentication: true,
      peer: { code: target.station, password },
    });
  }

  #request(request: Request): void {
    this.#perform(this.#session.request(request));
  }

  #perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.effect === 'send') this.socket.write(effect.octets);
      else if (effect.effect === 'connect') this.#perform(this.#session.connected());
      else if (effect.effect === 'disconnect') this.socket.end();
      else if (effect.effect === 'indicate') this.#indicated(effect.indication);
    }
  }

  #indicated(indication: Indication): void {
    if (indication.primitive === 'F_CHALLENGE_IND') this.#challenge();
    else if (indication.primitive === 'F_RESPONSE_IND') this.#respond(indication.envelope);
    else if (indication.primitive === 'F_CONNECT_CF')
      this.#request({ primitive: 'F_START_FILE_RQ', file: this.#file() });
    else if (indication.primitive === 'F_START_FILE_CF') this.#sendFile(indication.accepted);
    else if (indication.primitive === 'F_CLOSE_FILE_CF' && indication.accepted && indication.speaker) {
      this.#request({ primitive: 'F_CD_RQ' });
    } else if (indication.primitive === 'F_EERP_IND') {
      this.#acknowledged = true;
      this.#request({ primitive: 'F_RTR_RS' });
    } else if (indication.primitive === 'F_CD_IND') {
      this.#request({ primitive: 'F_RELEASE_RQ', reason: EsidReason.normalEnd });
    } else if (indication.primitive === 'F_ABORT_IND') this.socket.destroy();
  }

  #challenge(): void {
    const challenge = randomBytes(20);
    const envelope = envelopChallenge({
      challenge,
      recipient: this.target.certificate,
      cipher: 'aes-256',
      keyTransport: 'rsaes-pkcs1-v1_5',
    });
    this.#request({ primitive: 'F_CHALLENGE_RS', envelope, challenge });
  }

  #respond(envelope: Uint8Array): void {
    const response = openChallenge(envelope, this.keys);
    this.#request({ primitive: 'F_RESPONSE_RS', response });
  }

  #sendFile(accepted: boolean): void {
    if (!accepted) {
      this.socket.destroy();
      return;
    }
    const sender = new FileSender(this.#session, { file: this.#file(), restartPosition: 0n });
    this.#perform(sender.push(this.#content));
    this.#perform(sender.end());
  }

  #file(): FileDescription {
    const blocks = Math.ceil(this.#content.length / 1024);
    return fileDescription(this.code, this.target.station, {
      SFIDDATE: 20_261_123,
      SFIDTIME: 1_000_000_000 + this.time,
      SFIDFSIZ: blocks,
      SFIDOSIZ: blocks,
    });
  }
}
