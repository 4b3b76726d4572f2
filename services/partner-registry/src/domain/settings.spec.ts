import { usualTrust } from '@certlane/contracts';
import { describe, expect, it } from '@jest/globals';
import { aPartner, aStation, day } from '../testing/records.js';
import { addPartner, addStation, changeSettings, type AskedPartner, type SettingsChange } from './settings.js';

const settings = {
  password: 'certlane.box.v1.theirs',
  connection: null,
  secureAuthentication: true,
  acx: true,
  tlsClientAuthentication: false,
  challenge: { cipher: 'aes-256', keyTransport: 'rsaes-oaep' },
  ...usualTrust,
} as const;
const asked = { station: 'O0013000000ACME', id: 'O0177BETA', settings };

const connection = { host: 'oftp.beta.example', port: 6619, transport: 'tls' } as const;
/** A sub-station has none of these. */
const nothing = { password: undefined, secureAuthentication: false };

describe('adding', () => {
  it('a station tells it; the same again is no change; another password is refused', () => {
    const station = { id: 'O0013000000ACME', password: 'certlane.box.v1.a', host: 'oftp.acme.example' };
    const { record, facts } = addStation(undefined, station, day(0));
    expect(facts).toMatchObject([{ data: { station: station.id, host: station.host } }]);
    expect(addStation(record, station, day(1))).toEqual({ record, facts: [] });
    expect(() => addStation(record, { ...station, password: 'certlane.box.v1.b' }, day(1))).toThrow(
      expect.objectContaining({ code: 'already-exists' }),
    );
  });

  it('a partner tells it; the same again is no change; other settings are refused', () => {
    const { record, facts } = addPartner(undefined, asked, day(0));
    expect(facts).toMatchObject([{ contract: { name: 'partner.added' }, data: { acx: true, partner: 'O0177BETA' } }]);
    expect(addPartner(record, JSON.parse(JSON.stringify(asked)) as typeof asked, day(1))).toEqual({
      record,
      facts: [],
    });
    expect(() => addPartner(record, { ...asked, settings: { ...settings, acx: false } }, day(1))).toThrow(
      /change it with certlane partner set/,
    );
  });

  it('no station is its own partner', () => {
    const itself = { ...asked, id: asked.station };
    expect(() => addPartner(undefined, itself, day(0))).toThrow(
      expect.objectContaining({ code: 'invalid-argument', details: { field: 'id' } }),
    );
  });

  it.each<[string, Partial<AskedPartner>, object, string | undefined]>([
    ['a partner without a password', {}, { password: undefined }, 'password'],
    ['a sub-station with a password', { via: 'O0177GATE' }, {}, 'password'],
    ['a sub-station with a password of ours', { via: 'O0177GATE' }, { ...nothing, ourPassword: 'x' }, 'ourPassword'],
    ['a sub-station with a connection', { via: 'O0177GATE' }, { ...nothing, connection }, 'connection'],
    [
      'a sub-station with secure authentication',
      { via: 'O0177GATE' },
      { ...nothing, secureAuthentication: true },
      'secureAuthentication',
    ],
    [
      'a sub-station with TLS',
      { via: 'O0177GATE' },
      { ...nothing, tlsClientAuthentication: true },
      'tlsClientAuthentication',
    ],
    ['a sub-station with none of them', { via: 'O0177GATE' }, nothing, undefined],
  ])('%s is taken only as it should be', (_name, changes, others, field) => {
    const one = { ...asked, ...changes, settings: { ...settings, ...others } };
    if (field !== undefined) {
      expect(() => addPartner(undefined, one, day(0))).toThrow(
        expect.objectContaining({ code: 'invalid-argument', details: { field } }),
      );
      return;
    }
    const { record } = addPartner(undefined, one, day(0));
    expect(record).toMatchObject({ via: 'O0177GATE', subStations: [] });
    expect(addPartner(record, one, day(1)).record).toBe(record);
    expect(() => addPartner(record, { ...one, via: 'O0177OTHER' }, day(1))).toThrow(/certlane partner set/);
  });

  it('a partner that is there with certificates by now is still the same partner', () => {
    const { record } = addPartner(undefined, asked, day(0));
    const grown = { ...record, applied: ['an exchange'] };
    expect(addPartner(grown, asked, day(1)).record).toBe(grown);
  });
});

describe('changing settings', () => {
  const partner = aPartner({ ourPassword: 'certlane.box.v1.ours' });

  it.each<[string, SettingsChange, string[]]>([
    ['nothing', {}, []],
    ['what is as it was', { acx: true, challenge: { ...partner.challenge } }, []],
    ['a password', { password: 'certlane.box.v1.new' }, ['password']],
    ['several', { acx: false, connection }, ['connection', 'acx']],
    ['our password away', { ourPassword: null }, ['ourPassword']],
    ['the connection away', { connection: null }, []],
    ['who decides', { acceptance: 'manual', twoPerson: true }, ['acceptance', 'twoPerson']],
    [
      'what is trusted',
      { selfSigned: 'renewal', revocation: 'fail', weakKeys: true },
      ['selfSigned', 'revocation', 'weakKeys'],
    ],
    ['how far the bypass reaches', { bypassLimits: { ...partner.bypassLimits, days: 5 } }, ['bypassLimits']],
    ['limits as they were', { bypassLimits: { ...partner.bypassLimits, addresses: [] } }, []],
  ])('%s is told by name', (_name, change, changed) => {
    const { record, facts } = changeSettings(partner, change);
    expect(facts.map(({ data }) => data)).toEqual(
      changed.length === 0 ? [] : [{ station: partner.station, partner: partner.id, changed }],
    );
    if (changed.length === 0) expect(record).toBe(partner);
  });

  it('keeps what was left out and drops our own password only when told to', () => {
    expect(changeSettings(partner, { acx: false }).record).toEqual({ ...partner, acx: false });
    expect(changeSettings(partner, { ourPassword: null }).record).not.toHaveProperty('ourPassword');
  });
});

describe('changing settings of a sub-station', () => {
  const { password: _password, ...rest } = aPartner({ via: 'O0177GATE', secureAuthentication: false });

  it.each<[string, SettingsChange, string | undefined]>([
    ['a password', { password: 'certlane.box.v1.new' }, 'password'],
    ['a password of ours', { ourPassword: 'certlane.box.v1.new' }, 'ourPassword'],
    ['a connection', { connection }, 'connection'],
    ['secure authentication', { secureAuthentication: true }, 'secureAuthentication'],
    ['a TLS certificate', { tlsClientAuthentication: true }, 'tlsClientAuthentication'],
    ['challenges', { challenge: { cipher: '3des', keyTransport: 'rsaes-oaep' } }, 'challenge'],
    ['limits of the bypass', { bypassLimits: { days: 3, attempts: null, addresses: [] } }, 'bypassLimits'],
    ['no connection', { connection: null, ourPassword: null, secureAuthentication: false }, undefined],
    ['another acceptance', { acceptance: 'trusted' }, undefined],
  ])('to %s is as it should be', (_name, change, field) => {
    if (field === undefined) expect(changeSettings(rest, change).record.via).toBe('O0177GATE');
    else {
      const refusal = {
        code: 'invalid-argument',
        details: { field },
        message: expect.stringContaining('those of O0177GATE'),
      };
      expect(() => changeSettings(rest, change)).toThrow(expect.objectContaining(refusal));
    }
  });
});

it('a station without a host has no host, not an undefined one', () => {
  const { record } = addStation(undefined, { id: 'A', password: 'certlane.box.v1.a', host: undefined }, day(0));
  expect(record).not.toHaveProperty('host');
  expect(record).toEqual(aStation({ id: 'A', password: 'certlane.box.v1.a', createdAt: day(0).toISOString() }));
});
