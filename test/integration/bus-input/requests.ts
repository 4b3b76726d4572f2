import { ca, exchangeRequests, gateway, registry, type RequestContract, type RequestOf } from '@certlane/contracts';
import type { Known } from './whole-line.js';

/** A whole, good request, and what its contract lets a caller leave out. */
export interface RequestRow {
  readonly contract: RequestContract;
  readonly request: object;
  readonly optional: readonly string[];
}

function row<C extends RequestContract>(
  contract: C,
  request: RequestOf<C> & object,
  ...optional: string[]
): RequestRow {
  return { contract, request, optional };
}

const SEALED = 'certlane.sealed.v1.some.text';

/** One row for each request of each service, every field filled in; what it refers to exists where it must. */
export function requestRows({
  station,
  partner,
  own,
  ownCertificate,
  keyId,
  issuer,
  certificate,
}: Known): readonly RequestRow[] {
  const pair = { station, partner };
  const session = { session: 's1', ...pair };
  const usages: ['tls'] = ['tls'];
  const challenge = { cipher: 'aes-256', keyTransport: 'rsaes-oaep' } as const;
  const connection = { host: 'oftp.beta.example', port: 6619, transport: 'tls' } as const;
  const settings = {
    connection,
    secureAuthentication: true,
    acx: true,
    tlsClientAuthentication: false,
    challenge,
    acceptance: 'manual' as const,
    selfSigned: 'renewal' as const,
    revocation: 'fail' as const,
    twoPerson: true,
    weakKeys: false,
    bypassLimits: { days: 5, attempts: 3, addresses: ['192.0.2.0/24'] },
  };
  const file = {
    datasetName: 'ODETTE_CERTIFICATE_DELIVER',
    date: '20260301',
    time: '1000000001',
    originator: partner,
    destination: station,
  };
  const nerp = { kind: 'nerp', file, reason: 34, text: 'why not', creator: partner } as const;
  const refused = { type: 'refused', by: 'sfna', reason: 14, text: 'why not', retry: false } as const;
  const tls = {
    version: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    serverName: 'oftp.acme.example',
    peerChain: [certificate],
    authorized: true,
  };
  return [
    row(ca.issuerAdd, { certificates: [certificate], purpose: 'oftp2' }, 'purpose'),
    row(ca.issuerList, { usableByPartners: true, limit: 10, after: issuer }, 'usableByPartners', 'limit', 'after'),
    row(ca.issuerGet, { fingerprint: issuer }),
    row(ca.issuerRemove, { fingerprint: issuer }),
    row(
      ca.certificateValidate,
      {
        certificate,
        chain: [certificate],
        at: '2026-03-01T10:00:00.000Z',
        usage: 'tls',
        revocation: 'fail',
        weakKeys: true,
        supposing: { issuers: [issuer], are: 'verification-only' },
      },
      'chain',
      'at',
      'usage',
      'revocation',
      'weakKeys',
      'supposing',
    ),
    row(ca.contentPut, { content: issuer, parts: 2, part: 0, octets: certificate }),
    row(
      ca.trustListAdd,
      { name: 'odette', level: 'basic', url: 'https://tsl.example/TSL.XML', content: issuer, signers: [certificate] },
      'level',
      'url',
      'content',
      'signers',
    ),
    row(ca.trustListImport, { name: 'odette', content: issuer }),
    row(ca.trustListList, {}),
    row(ca.trustListGet, { name: 'odette', limit: 10, after: issuer }, 'limit', 'after'),
    row(ca.trustListRefresh, { name: 'odette' }),
    row(ca.trustListSet, { name: 'odette', url: 'https://tsl.example/TSL.XML' }),
    row(ca.trustListRemove, { name: 'odette' }),
    row(ca.signerStage, { name: 'odette', certificate }),
    row(ca.signerConfirm, { name: 'odette', fingerprint: issuer }, 'fingerprint'),
    row(ca.revocationListList, { limit: 10, after: issuer }, 'limit', 'after'),
    row(ca.revocationListRefresh, { issuer: 'CN=Beta Root,O=Certlane Test,C=DE' }, 'issuer'),
    row(ca.revocationListImport, { content: issuer }),
    row(ca.revocationListRemove, { id: issuer }),

    row(registry.stationAdd, { id: 'O0013NEW', password: SEALED, host: 'new.acme.example' }, 'host'),
    row(registry.stationList, {}),
    row(registry.stationGet, { station }),
    row(registry.keyAdd, { station, keyId, sealedKey: SEALED }),
    row(registry.keyGet, { station, keyId }),
    row(registry.ownCertificateAdd, { station, certificate: ownCertificate, chain: [ownCertificate], keyId }),
    row(registry.ownCertificateList, { station }),
    row(registry.ownCertificateGet, { station, fingerprint: own }),
    row(registry.ownCertificateActivate, { station, fingerprint: own, usages }),
    row(registry.ownCertificateSwitch, { ...pair, fingerprint: own, usages, exchange: 'out-1' }),
    row(
      registry.partnerAdd,
      { station, id: 'O0177NEW', password: SEALED, ourPassword: SEALED, via: 'O0177NOWHERE', ...settings },
      'password',
      'ourPassword',
      'via',
      ...Object.keys(settings),
    ),
    row(
      registry.partnerSet,
      { ...pair, password: SEALED, ourPassword: SEALED, ...settings },
      'password',
      'ourPassword',
      ...Object.keys(settings),
    ),
    ...[ca, registry, exchangeRequests].flatMap(({ auditList, auditVerify }) => [
      row(auditList, { station, partner, limit: 10, after: '0' }, 'station', 'partner', 'limit', 'after'),
      row(auditVerify, { limit: 10, after: `1.${'0'.repeat(64)}` }, 'limit', 'after'),
    ]),
    row(registry.partnerList, { station, id: partner, limit: 10, after: 'a.b' }, 'station', 'id', 'limit', 'after'),
    row(registry.partnerGet, { ...pair, at: '2026-03-01T10:00:00.000Z' }, 'at'),
    row(registry.partnerRemove, pair),
    row(registry.bypassReopen, { ...pair, reason: 'they lost their key' }),
    row(
      registry.issuerDependents,
      { issuer, others: [issuer], supposed: 'not-installed', limit: 10, after: 'a.b' },
      'others',
      'supposed',
      'limit',
      'after',
    ),
    row(
      registry.partnerIdentify,
      {
        ...pair,
        subject: 'oftp.beta.example',
        issuer,
        keyUsage: 'a0',
        extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'],
        usages,
      },
      'keyUsage',
      'extendedKeyUsage',
    ),
    row(registry.partnerUnidentify, { ...pair, entry: 'entry-1' }),
    row(registry.partnerCertificateAdd, { ...pair, certificate, usages }),
    row(registry.partnerCertificateRemove, { ...pair, fingerprint: own }),
    row(registry.certificateDecline, { ...pair, exchange: 'in-1' }),
    row(registry.certificateTakeOver, {
      ...pair,
      exchange: 'in-1',
      kind: 'deliver',
      certificate,
      usages,
      predecessors: [own],
      revision: '1',
    }),
    row(registry.sessionProfiles, { partner, station }, 'station'),
    row(registry.sessionFacts, pair),
    row(registry.stationTls, {}),

    row(
      exchangeRequests.sessionDecide,
      {
        ...session,
        direction: 'inbound',
        secureAuthentication: true,
        passwordCorrect: true,
        remoteAddress: '192.0.2.1',
        tls,
      },
      'secureAuthentication',
      'passwordCorrect',
      'tls',
      'tls.serverName',
    ),
    row(exchangeRequests.certificateReceive, {
      ...session,
      mode: 'full',
      file,
      description: '',
      octets: certificate,
    }),
    row(
      exchangeRequests.answerReceive,
      { ...session, mode: 'full', answer: nerp },
      'answer.reason',
      'answer.text',
      'answer.creator',
    ),
    row(exchangeRequests.outboxNext, { ...session, mode: 'full', exclude: ['out-1'] }, 'exclude'),
    row(exchangeRequests.outboxSettle, { ...session, exchange: 'out-1', item: 'file', fate: refused }),
    row(
      exchangeRequests.send,
      { ...pair, kind: 'replace', certificate: own, replaces: own },
      'certificate',
      'replaces',
    ),
    row(
      exchangeRequests.exchangeList,
      { station, partner, limit: 10, after: '2026-03-01T10:00:00.000Z in-1' },
      'station',
      'partner',
      'limit',
      'after',
    ),
    row(exchangeRequests.exchangeGet, { id: 'in-1' }),
    row(exchangeRequests.bypassUses, { ...pair }),
    row(
      exchangeRequests.decide,
      { ...pair, kind: 'deliver', description: '', mode: 'full', octets: certificate },
      'kind',
      'description',
      'mode',
    ),
    row(
      exchangeRequests.approvalList,
      { station, partner, limit: 10, after: '2026-03-01T10:00:00.000Z in-1' },
      'station',
      'partner',
      'limit',
      'after',
    ),
    row(exchangeRequests.approvalGet, { id: 'in-1' }),
    row(
      exchangeRequests.approvalAccept,
      { id: 'in-1', note: 'compared by telephone', entry: 'e1', usages, follows: own },
      'note',
      'entry',
      'usages',
      'follows',
    ),
    row(exchangeRequests.approvalReject, { id: 'in-1', reason: 'not theirs' }),
    row(exchangeRequests.dialClaim, { ...pair, holder: 'gateway-1' }),
    row(exchangeRequests.dialReport, { ...pair, holder: 'gateway-1', ok: true, message: 'done' }),

    row(gateway.sealingKey, {}),
    row(
      gateway.certificateCreate,
      { station, subject: 'CN=oftp.acme.example', kind: 'self-signed', bits: 2048, days: 30 },
      'bits',
      'days',
    ),
    row(
      gateway.certificateImport,
      { station, secret: SEALED, certificate, chain: [certificate] },
      'secret',
      'certificate',
      'chain',
    ),
  ];
}
