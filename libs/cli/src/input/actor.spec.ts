import { describe, expect, it } from '@jest/globals';
import { actorFrom } from './actor.js';

describe('who acts', () => {
  it.each([
    ['anna', 'operator:anna'],
    ['operator:anna', 'operator:anna'],
    ['Anna.B_c-d@plant.example', 'operator:Anna.B_c-d@plant.example'],
    ['x'.repeat(55), `operator:${'x'.repeat(55)}`],
  ])('is told with --actor %s: %s', (given, actor) => {
    expect(actorFrom(given)).toBe(actor);
  });

  it.each(['', 'operator:', 'service:ca-store', 'partner:O0177BETA', 'anna b', 'änna', 'a/b', 'a\nb', 'x'.repeat(56)])(
    'is no person in --actor %j',
    (given) => {
      expect(() => actorFrom(given)).toThrow('give the name of a person: 1 to 55 letters, digits and . _ @ -');
    },
  );

  it.each([
    ['anna', 'operator:anna'],
    ['PLANT\\anna müller', 'operator:PLANT-anna-m-ller'],
    ['y'.repeat(80), `operator:${'y'.repeat(55)}`],
    ['', 'operator:unknown'],
  ])('is the login name %j otherwise: %s', (login, actor) => {
    expect(actorFrom(undefined, login)).toBe(actor);
  });

  it('is somebody on this machine', () => {
    expect(actorFrom(undefined)).toMatch(/^operator:[\w.@-]+$/);
  });
});
