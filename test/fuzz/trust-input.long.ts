import { describe, expect, it } from '@jest/globals';
import {
  crlRevocation,
  isPkiError,
  ocspRevocation,
  readCertificate,
  readOcspResponse,
  readRevocationList,
  validatePath,
} from '@certlane/pki';
import {
  testCa,
  testOcspResponse,
  testResponder,
  testRevocationList,
  distributionPointsExtension,
} from '@certlane/pki/testing';
import { readTrustList, verifyTrustList } from '@certlane/pki/trust-list';
import { testTrustList } from '@certlane/pki/trust-list/testing';
import { fuzzSeed, numbers, type Numbers } from './numbers.js';

const now = new Date('2026-03-01T12:00:00Z');
const at = (days: number): Date => new Date(now.getTime() + days * 86_400_000);
const { root, authority } = testCa({ now });
const { certificate } = authority.issue({
  serial: '2a',
  host: 'oftp.acme.example',
  extensions: [distributionPointsExtension([{ names: ['uri:http://crl.example/a.crl'] }])],
});
const path = [certificate, authority.certificate, root.certificate];
const signer = authority.issue({ host: 'signer.example' });
const revoked = { at: at(-1), reason: 'keyCompromise' } as const;

/** What strangers may send, how it is read, and whether what came out of it would count for anything. */
interface Input {
  readonly what: string;
  readonly cases: number;
  readonly sound: readonly Uint8Array[];
  /** @returns whether it counts: an octet that is different must take that away */
  readonly counts: (octets: Uint8Array) => boolean;
}

const INPUTS: readonly Input[] = [
  {
    what: 'certificate',
    cases: 200_000,
    sound: [certificate.der],
    counts: (octets) =>
      validatePath({
        certificate: readCertificate(octets),
        intermediates: [authority.certificate],
        anchors: [root.certificate],
        at: now,
      }).trusted,
  },
  {
    what: 'authority',
    cases: 100_000,
    sound: [authority.certificate.der],
    counts: (octets) =>
      validatePath({ certificate, intermediates: [readCertificate(octets)], anchors: [root.certificate], at: now })
        .trusted,
  },
  {
    what: 'revocation list',
    cases: 200_000,
    sound: [
      testRevocationList(authority, { revoked: ['01', '2b'] }),
      testRevocationList(authority, { revoked: ['01', { serialNumber: '2a', reason: 'keyCompromise' }] }),
      testRevocationList(authority, { thisUpdate: at(-9), nextUpdate: at(-2) }),
    ],
    counts: (octets) => crlRevocation({ lists: [readRevocationList(octets)] })(path, now).status === 'good',
  },
  {
    what: 'OCSP answer',
    cases: 200_000,
    sound: [
      testOcspResponse(authority, [{ certificate, status: revoked }]),
      testOcspResponse(authority, [{ certificate, status: revoked }], { responder: testResponder(authority) }),
      testOcspResponse(authority, [{ certificate, thisUpdate: at(-9) }]),
    ],
    counts: (octets) =>
      ocspRevocation({ answers: [{ response: readOcspResponse(octets) }] })(path, now).status === 'good',
  },
];

/** Some octets exchanged, taken out, put in, doubled or cut off; one case in sixteen is noise altogether. */
function changed(sound: readonly Uint8Array[], next: Numbers): Buffer {
  if (next(16) === 0) return Buffer.from(Array.from({ length: next(200) }, () => next(256)));
  let octets = Buffer.from(sound[next(sound.length)] ?? []);
  for (let changes = 1 + next(4); changes > 0; changes -= 1) {
    const place = next(octets.length + 1);
    const piece = octets.subarray(place, place + 1 + next(8));
    const rest = octets.subarray(place + piece.length);
    const instead = [
      () => Buffer.from(piece.map((octet) => octet ^ (1 << next(8)))),
      () => Buffer.alloc(0),
      () => Buffer.concat([piece, piece]),
      () => Buffer.concat([Buffer.of(next(256)), piece]),
      () => Buffer.alloc(piece.length, next(256)),
    ][next(5)]!();
    octets = Buffer.concat([octets.subarray(0, place), instead, next(40) === 0 ? Buffer.alloc(0) : rest]);
  }
  return octets;
}

const isSound = (octets: Buffer, sound: readonly Uint8Array[]): boolean => sound.some((one) => octets.equals(one));

/** Calls it with changed octets; throws with what repeats the case when it throws anything but a refusal that says why. */
function fuzz(sound: readonly Uint8Array[], cases: number, act: (octets: Buffer) => void): void {
  const seed = fuzzSeed();
  const next = numbers(seed);
  for (let count = 0; count < cases; count += 1) {
    const octets = changed(sound, next);
    try {
      act(octets);
    } catch (error) {
      if (isPkiError(error) && error.message !== '') continue;
      throw new Error(`seed ${seed}, case ${count}: ${octets.toString('hex')}`, { cause: error });
    }
  }
}

describe('what decides about trust', () => {
  it.each(INPUTS)(
    'of $cases changed octets of a $what none counts, and none does harm',
    ({ sound, cases, counts }) => {
      let read = 0;
      fuzz(sound, cases, (octets) => {
        const counted = counts(octets);
        read += 1;
        if (counted && !isSound(octets, sound)) throw new Error('it counts');
      });
      // Some changes leave what can be read: else only the reader was tried.
      expect(read).toBeGreaterThan(cases / 100);
    },
    600_000,
  );

  it('of 10000 changed octets of a trust list none says anything but what its signer said', () => {
    const services = { providers: [{ services: [{ certificates: [authority.certificate] }] }] };
    const sound = [false, true].map((xades) => testTrustList(signer, now, services, { xades }));
    const verified = (octets: Uint8Array) =>
      readTrustList(verifyTrustList(octets, { signers: [signer.certificate] }).signedOctets);
    const said = sound.map(verified);
    let taken = 0;
    fuzz(sound, 10_000, (octets) => {
      const list = verified(octets);
      taken += 1;
      expect(said).toContainEqual(list);
    });
    // What is not signed, as the signer's name in KeyInfo, may change.
    expect(taken).toBeGreaterThan(0);
  }, 600_000);
});
