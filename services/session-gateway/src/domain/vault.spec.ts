import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { isCertlaneError, type SessionProfile } from '@certlane/contracts';
import { seal, sealFor, SealingKey } from '@certlane/pki';
import { testCa } from '@certlane/pki/testing';
import { usableCertificate } from '../testing/memory-gateway.js';
import { secretContexts } from './secret-contexts.js';
import { Vault } from './vault.js';

const STATION = 'O0942BIGCAR';
const PARTNER = 'O0013ACME';

const key = new SealingKey(randomBytes(32));
const vault = new Vault(key);
const sealed = (text: string, context: string): string => seal(key, Buffer.from(text), context);

const profile = (changes: Partial<SessionProfile> = {}): SessionProfile => ({
  station: STATION,
  partner: PARTNER,
  partnerPassword: sealed('SECRET1', secretContexts.partnerPassword(STATION, PARTNER)),
  ourPassword: sealed('PW2', secretContexts.stationPassword(STATION)),
  connection: null,
  subStations: [],
  ...changes,
});

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return isCertlaneError(error) ? error.code : String(error);
  }
  return 'nothing';
};

describe('Vault', () => {
  it.each([
    ['SECRET1', true],
    ['SECRET1 ', true],
    ['SECRET2', false],
    ['secret1', false],
    ['', false],
    ['SECRET12', false],
  ])('judges the password %j', (received, fits) => {
    expect(vault.passwordFits(profile(), received)).toBe(fits);
  });

  it('sends the station’s password, or the one of this partner alone', () => {
    expect(vault.ourPassword(profile())).toBe('PW2');
    const own = sealed('OTHER', secretContexts.ourPassword(STATION, PARTNER));
    expect(vault.ourPassword(profile({ ourPassword: own }))).toBe('OTHER');
  });

  it('opens what others sealed for its public key', () => {
    const { publicKey } = vault.publicKey;
    const partnerPassword = sealFor(
      publicKey,
      Buffer.from('FROMCLI'),
      secretContexts.partnerPassword(STATION, PARTNER),
    );
    expect(vault.partnerPassword(profile({ partnerPassword }))).toBe('FROMCLI');
  });

  it('does not open a secret that was put in the place of another, or sealed for another gateway', () => {
    const moved = sealed('SECRET1', secretContexts.partnerPassword(STATION, 'O0001OTHER'));
    expect(code(() => vault.partnerPassword(profile({ partnerPassword: moved })))).toBe('failed-precondition');
    const another = new Vault(new SealingKey(randomBytes(32)));
    expect(code(() => another.ourPassword(profile()))).toBe('failed-precondition');
  });

  it('opens the key of a certificate once and keeps it, and only for its own station', () => {
    const identity = testCa({ name: 'Vault' }).issue();
    const usable = usableCertificate(vault, STATION, identity);
    const opened = vault.openCertificate(STATION, usable);
    expect(opened.certificate.fingerprint).toBe(identity.certificate.fingerprint);
    expect(opened.privateKey.equals(identity.privateKey)).toBe(true);
    expect(vault.openCertificate(STATION, usable).privateKey).toBe(opened.privateKey);
    const fresh = new Vault(key);
    expect(code(() => fresh.openCertificate('O0001OTHER', usable))).toBe('failed-precondition');
  });

  it('overwrites a private key as soon as it is sealed', () => {
    const pkcs8 = Buffer.from('the private key');
    const { sealedKey } = vault.sealKey(STATION, Buffer.from('spki'), pkcs8);
    expect(sealedKey).toMatch(/^certlane\.sealed\.v1\./);
    expect(pkcs8.every((octet) => octet === 0)).toBe(true);
  });
});
