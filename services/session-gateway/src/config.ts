import { flag, loadConfig, wholeNumber, type RuntimeConfig } from '@certlane/runtime';
import type { Capabilities, Timeouts } from '@certlane/oftp2';
import { z } from 'zod';
import { sealingKeyFile } from './sealing-key-file.js';
import type { AdmissionLimits } from './transport/admission.js';
import type { ListenAddress } from './transport/listener.js';
import type { MinimumTlsVersion } from './transport/tls-contexts.js';
import type { ClientCertificates } from './transport/tls-listener.js';

/** Everything the gateway is told about itself. */
export interface GatewayConfig {
  readonly sealingKey: Buffer;
  /** Absent: no listening on this kind of port. */
  readonly tcp: ListenAddress | undefined;
  readonly tls: ListenAddress | undefined;
  readonly clientCertificates: ClientCertificates;
  readonly minimumTlsVersion: MinimumTlsVersion;
  readonly capabilities: Capabilities;
  readonly timeouts: Timeouts;
  readonly connectMilliseconds: number;
  readonly handshakeMilliseconds: number;
  /** How long one piece of output may wait for a peer that does not read. */
  readonly stallMilliseconds: number;
  readonly admission: AdmissionLimits;
  /** For a whole session, however busy it is. */
  readonly sessionMilliseconds: number;
  readonly certificateFileOctets: number;
  /** For a certificate file, from SFPA to EFID. */
  readonly certificateFileMilliseconds: number;
  /** Events about sessions of peers that never proved who they are, in a minute. */
  readonly unknownPeerEventsPerMinute: number;
  /** A refused identity is told so no sooner, so that its delay says nothing and guessing is slow. */
  readonly refusalMilliseconds: number;
  /** A wrong password is answered as an unknown code is. */
  readonly hidePartners: boolean;
  /** How long running sessions may go on after the order to stop. */
  readonly shutdownGraceMilliseconds: number;
  /** How often issuers and certificates are read again in case an event was missed. */
  readonly refreshMilliseconds: number;
}

const SECOND = 1_000;
const HOUR_OF_SECONDS = 3_600;
const DAY_OF_SECONDS = 86_400;

const listenPort = (usual: number) =>
  z
    .string()
    .regex(/^(?:ephemeral|0|[1-9]\d{0,4})$/, "must be a port, 0 (do not listen) or 'ephemeral' (any free port)")
    .transform((text) => (text === 'ephemeral' ? 0 : text === '0' ? null : Number(text)))
    .refine((port) => port === null || port <= 65_535, 'must be at most 65535')
    // A default takes the place of `undefined` behind a transform as well, so "do not listen" is null.
    .default(usual);

const seconds = (usual: number) => wholeNumber(1, HOUR_OF_SECONDS).default(usual);

/** The gateway's own variables, each with its bounds and what holds unless told. */
export const gatewayVariables = {
  CERTLANE_SEALING_KEY_FILE: sealingKeyFile(),
  CERTLANE_LISTEN_ADDRESS: z.string().min(1).default('127.0.0.1'),
  CERTLANE_TCP_PORT: listenPort(3305),
  CERTLANE_TLS_PORT: listenPort(6619),
  CERTLANE_TLS_CLIENT_CERTIFICATES: z.enum(['none', 'request', 'require']).default('request'),
  CERTLANE_TLS_MINIMUM_VERSION: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2'),
  CERTLANE_OFTP_BUFFER_SIZE: wholeNumber(128, 99_999).default(65_535),
  CERTLANE_OFTP_CREDIT: wholeNumber(1, 999).default(64),
  CERTLANE_OFTP_COMPRESSION: flag().default(true),
  CERTLANE_OFTP_RESTART: flag().default(true),
  CERTLANE_MAX_CONNECTIONS: wholeNumber(1, 1_000_000).default(10_000),
  CERTLANE_MAX_CONNECTIONS_PER_ADDRESS: wholeNumber(1, 1_000_000).default(64),
  CERTLANE_MAX_CONNECTIONS_PER_NETWORK: wholeNumber(1, 1_000_000).default(256),
  CERTLANE_MAX_UNAUTHENTICATED: wholeNumber(1, 1_000_000).default(1_000),
  CERTLANE_CONNECT_SECONDS: seconds(30),
  CERTLANE_HANDSHAKE_SECONDS: seconds(30),
  CERTLANE_SESSION_START_SECONDS: seconds(60),
  CERTLANE_ANSWER_SECONDS: seconds(120),
  CERTLANE_IDLE_SECONDS: seconds(120),
  CERTLANE_FRAME_SECONDS: seconds(30),
  CERTLANE_CLOSE_SECONDS: seconds(10),
  CERTLANE_MAX_SESSION_SECONDS: wholeNumber(60, 7 * DAY_OF_SECONDS).default(DAY_OF_SECONDS),
  CERTLANE_MAX_CERTIFICATE_FILE_OCTETS: wholeNumber(1_024, 65_536).default(65_536),
  CERTLANE_MAX_CERTIFICATE_FILE_SECONDS: seconds(300),
  CERTLANE_UNKNOWN_PEER_EVENTS_PER_MINUTE: wholeNumber(0, 60_000).default(60),
  CERTLANE_REFUSAL_DELAY_MILLISECONDS: wholeNumber(0, 10_000).default(250),
  CERTLANE_HIDE_PARTNERS: flag().default(false),
  CERTLANE_SHUTDOWN_GRACE_SECONDS: wholeNumber(0, HOUR_OF_SECONDS).default(5),
  CERTLANE_REFRESH_SECONDS: seconds(60),
};

/**
 * Reads the gateway's configuration.
 * @throws {CertlaneError} `invalid-argument` naming each wrong variable, never its value
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  readonly runtime: RuntimeConfig;
  readonly gateway: GatewayConfig;
} {
  const { runtime, own } = loadConfig(gatewayVariables, env);
  const host = own.CERTLANE_LISTEN_ADDRESS;
  const listen = (port: number | null): ListenAddress | undefined => (port === null ? undefined : { host, port });
  const answer = own.CERTLANE_ANSWER_SECONDS * SECOND;
  const idle = own.CERTLANE_IDLE_SECONDS * SECOND;
  const start = own.CERTLANE_SESSION_START_SECONDS * SECOND;
  return {
    runtime,
    gateway: {
      sealingKey: own.CERTLANE_SEALING_KEY_FILE,
      tcp: listen(own.CERTLANE_TCP_PORT),
      tls: listen(own.CERTLANE_TLS_PORT),
      clientCertificates: own.CERTLANE_TLS_CLIENT_CERTIFICATES,
      minimumTlsVersion: own.CERTLANE_TLS_MINIMUM_VERSION,
      capabilities: {
        mode: 'B',
        bufferSize: own.CERTLANE_OFTP_BUFFER_SIZE,
        credit: own.CERTLANE_OFTP_CREDIT,
        compression: own.CERTLANE_OFTP_COMPRESSION,
        restart: own.CERTLANE_OFTP_RESTART,
      },
      timeouts: {
        connect: (own.CERTLANE_CONNECT_SECONDS + own.CERTLANE_HANDSHAKE_SECONDS) * SECOND,
        start,
        answer,
        listen: idle,
        data: idle,
        user: answer,
        close: own.CERTLANE_CLOSE_SECONDS * SECOND,
        frame: own.CERTLANE_FRAME_SECONDS * SECOND,
        sessionStart: start,
      },
      connectMilliseconds: own.CERTLANE_CONNECT_SECONDS * SECOND,
      handshakeMilliseconds: own.CERTLANE_HANDSHAKE_SECONDS * SECOND,
      stallMilliseconds: answer,
      admission: {
        connections: own.CERTLANE_MAX_CONNECTIONS,
        perAddress: own.CERTLANE_MAX_CONNECTIONS_PER_ADDRESS,
        perNetwork: own.CERTLANE_MAX_CONNECTIONS_PER_NETWORK,
        unauthenticated: own.CERTLANE_MAX_UNAUTHENTICATED,
      },
      sessionMilliseconds: own.CERTLANE_MAX_SESSION_SECONDS * SECOND,
      certificateFileOctets: own.CERTLANE_MAX_CERTIFICATE_FILE_OCTETS,
      certificateFileMilliseconds: own.CERTLANE_MAX_CERTIFICATE_FILE_SECONDS * SECOND,
      unknownPeerEventsPerMinute: own.CERTLANE_UNKNOWN_PEER_EVENTS_PER_MINUTE,
      refusalMilliseconds: own.CERTLANE_REFUSAL_DELAY_MILLISECONDS,
      hidePartners: own.CERTLANE_HIDE_PARTNERS,
      shutdownGraceMilliseconds: own.CERTLANE_SHUTDOWN_GRACE_SECONDS * SECOND,
      refreshMilliseconds: own.CERTLANE_REFRESH_SECONDS * SECOND,
    },
  };
}
