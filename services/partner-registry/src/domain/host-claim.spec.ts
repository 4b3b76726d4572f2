import { describe, expect, it } from '@jest/globals';
import { aStation, day } from '../testing/records.js';
import { claimHost } from './host-claim.js';

const HOST = 'oftp.acme.example';
const [US, THEM] = ['O0013ACME', 'O0013TWIN'];
const now = day(0);
const before = (ms: number, host = HOST) => ({
  host,
  station: THEM,
  claimedAt: new Date(now.getTime() - ms).toISOString(),
});
const them = (host?: string) => aStation({ id: THEM, ...(host === undefined ? {} : { host }) });
const claim = (...[claimed, holder]: [ReturnType<typeof before>?, ReturnType<typeof them>?]) =>
  claimHost({ host: HOST, station: US }, claimed, holder, now);

describe('a host name', () => {
  it.each([
    ['nobody claimed', undefined, undefined],
    ['is claimed by the station itself', { ...before(0), station: US }, undefined],
    ['was claimed by one that came to nothing', before(60_000), undefined],
    ['was claimed by one that has another', before(0), them('other.example')],
    ['was claimed by one that has none', before(0), them()],
  ])('that %s is free', (_what, claimed, holder) => {
    expect(claim(claimed, holder)).toEqual({ host: HOST, station: US, claimedAt: now.toISOString() });
  });

  it.each([
    ['as it is', HOST],
    ['in other letters', HOST.toUpperCase()],
  ])('of another station, %s, is refused with a remedy', (_how, host) => {
    expect(() => claim(before(90_000, host), them(host))).toThrow(
      expect.objectContaining({
        code: 'already-exists',
        message: expect.stringMatching(
          /^host: oftp\.acme\.example belongs to station O0013TWIN, .*; give one of its own/,
        ),
        details: { field: 'host' },
      }),
    );
  });

  it('that another station is just being added with is refused for now', () => {
    expect(() => claim(before(59_999))).toThrow(
      expect.objectContaining({ code: 'conflict', message: expect.stringMatching(/try again in a minute$/) }),
    );
  });
});
