import { describe, expect, it } from '@jest/globals';
import {
  CertlaneError,
  decodeToken,
  encodeToken,
  errorTable,
  eventSubject,
  exchangeRequests,
  isCertlaneError,
  makeEvent,
  odetteId,
  registry,
  registryEvents,
  requestSubject,
  serviceContracts,
  serviceNames,
  toCertlaneError,
} from './index.js';
import type { RequestContract, ServiceName } from './index.js';
import { usageList } from './vocabulary.js';

describe('tokens', () => {
  it.each([
    ['O0013000000ACME', 'O0013000000ACME'],
    ['O0013ACMEPARTS     PLANT1', 'O0013ACMEPARTS_20_20_20_20_20PLANT1'],
    ['A.B/C&D(E)', 'A_2eB_2fC_26D_28E_29'],
    ['*', '_2a'],
    ['>', '_3e'],
    ['', '_'],
    ['ß', '_c3_9f'],
  ])('writes %j as %s and back', (text, token) => {
    expect(encodeToken(text)).toBe(token);
    expect(decodeToken(token)).toBe(text);
  });

  it('refuses what it did not write', () => {
    expect(() => decodeToken('a.b')).toThrow(RangeError);
    expect(() => decodeToken('_2')).toThrow(RangeError);
  });
});

describe('Odette IDs', () => {
  it.each(['O0013000000ACME', 'A', 'O0013ACMEPARTS     PLANT1', 'X'.repeat(25), 'A/B-C.D&E(F)'])('takes %j', (id) => {
    expect(odetteId.safeParse(id).success).toBe(true);
  });

  it.each(['', ' A', 'A ', 'a', 'A_B', 'Ä', 'X'.repeat(26), 'A\nB', 'A\u0000B'])('refuses %j', (id) => {
    expect(odetteId.safeParse(id).success).toBe(false);
  });
});

describe('contracts', () => {
  it('give each subject to exactly one service', () => {
    const subjects = serviceNames.flatMap((name) => serviceContracts[name].serves.map((c) => c.subject));
    expect(new Set(subjects).size).toBe(subjects.length);
    for (const name of serviceNames) {
      for (const contract of serviceContracts[name].serves) expect(contract.service).toBe(name);
      for (const contract of serviceContracts[name].emits) expect(contract.service).toBe(name);
    }
  });

  it('never let requests run in a circle', () => {
    const callees = (name: ServiceName) => new Set(serviceContracts[name].calls.map((c: RequestContract) => c.service));
    const reachable = (from: ServiceName, seen = new Set<ServiceName>()): Set<ServiceName> => {
      for (const next of callees(from)) {
        if (!seen.has(next)) reachable(next, seen.add(next));
      }
      return seen;
    };
    for (const name of serviceNames) expect([...reachable(name)]).not.toContain(name);
  });

  it('hand every job to a service that does it', () => {
    const done = new Set(serviceNames.flatMap((name) => serviceContracts[name].does));
    for (const name of serviceNames)
      for (const job of serviceContracts[name].handsOut) expect(done.has(job)).toBe(true);
  });

  it('refuse an unknown field in a request, so that a misspelt option is not lost', () => {
    const parsed = registry.partnerGet.request.safeParse({ station: 'A', partner: 'B', stations: 'C' });
    expect(parsed.success).toBe(false);
  });

  it('let a reply grow', () => {
    const parsed = exchangeRequests.answerReceive.reply.parse({ known: true, later: 1 });
    expect(parsed).toEqual({ known: true });
  });

  it('refuse an open password: only sealed ones travel', () => {
    const parsed = registry.stationAdd.request.safeParse({ id: 'A', password: 'SECRET1' });
    expect(parsed.success).toBe(false);
  });

  it('put usages into one order, each once', () => {
    expect(usageList.parse(['eerp-signature', 'tls', 'tls'])).toEqual(['tls', 'eerp-signature']);
  });
});

describe('subjects', () => {
  it('carry the prefix, the version and the encoded partner', () => {
    expect(requestSubject('certlane', registry.partnerAdd)).toBe('certlane.registry.v1.partner.add');
    expect(eventSubject('x', registryEvents.certificateTakenOver, 'O1 A')).toBe(
      'x.events.v1.certificate.taken-over.O1_20A',
    );
    expect(eventSubject('x', registryEvents.stationAdded)).toBe('x.events.v1.station.added._');
  });
});

describe('events', () => {
  const data = { station: 'A', host: 'a.example' };
  const time = new Date('2026-01-02T03:04:05.678Z');

  it('are CloudEvents with the id they were given', () => {
    expect(makeEvent({ contract: registryEvents.stationAdded, id: 'e1', time, data })).toEqual({
      specversion: '1.0',
      id: 'e1',
      source: '/certlane/partner-registry',
      type: 'certlane.station.added.v1',
      time: '2026-01-02T03:04:05.678Z',
      datacontenttype: 'application/json',
      data,
    });
  });

  it('refuse data that does not fit their contract', () => {
    expect(() => makeEvent({ contract: registryEvents.stationAdded, id: 'e1', time, data: { station: '' } })).toThrow();
  });
});

describe('errors', () => {
  it('keep what is internal inside', () => {
    const error = toCertlaneError(new TypeError('x is undefined at /srv/secret'));
    expect(error.code).toBe('internal');
    expect(error.disclosed().message).not.toContain('secret');
  });

  it('pass what helps the caller', () => {
    const error = new CertlaneError('invalid-argument', 'port 0 is no port', { details: { field: 'port' } });
    expect(toCertlaneError(error)).toBe(error);
    expect(error.disclosed()).toEqual({
      code: 'invalid-argument',
      message: 'port 0 is no port',
      details: { field: 'port' },
    });
  });

  it('are known by name and code, not by class', () => {
    expect(isCertlaneError({ name: 'CertlaneError', code: 'conflict' })).toBe(true);
    expect(isCertlaneError({ name: 'CertlaneError', code: 'else' })).toBe(false);
    expect(isCertlaneError(undefined)).toBe(false);
  });

  it('give each code its own non-zero exit status', () => {
    const statuses = Object.values(errorTable).map((row) => row.exitStatus);
    expect(new Set(statuses).size).toBe(statuses.length);
    expect(Math.min(...statuses)).toBeGreaterThan(1);
  });
});
