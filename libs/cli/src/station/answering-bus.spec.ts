import { describe, expect, it } from '@jest/globals';
import { ca, CertlaneError, exchangeRequests, registry, type RequestContract } from '@certlane/contracts';
import type { Bus } from '../bus.js';
import { answeringBus } from './answering-bus.js';

const health = 'http://127.0.0.1:4711';
const away = (service: string, failure: string, message: string) =>
  new CertlaneError('unavailable', message, { details: { subject: 'certlane.x', service, failure } });

/** What a person is told where the request ends like this. */
async function told(contract: RequestContract, thrown: unknown): Promise<unknown> {
  const bus: Bus = {
    request: async () => {
      await Promise.resolve();
      throw thrown;
    },
    publish: () => Promise.resolve(),
  };
  const services = { 'ca-store': { health, log: '/log' } };
  return answeringBus(bus, { services })
    .request(contract, {})
    .catch((error: unknown) => error);
}

const silent = away('ca-store', 'timeout', 'ca-store did not answer within 5 s');
const gone = away('ca-store', 'no-responders', 'ca-store is not there: nobody answers for it');
const SEE = `see what certlane up says of ca-store, and what ${health}/health/ready answers`;
const UNKNOWN = 'whether it was done all the same is not known: look before you do it again';

describe('a service that does not answer', () => {
  it.each<[string, RequestContract, CertlaneError, string]>([
    ['is silent about what it knows', ca.issuerList, silent, `${silent.message}; nothing was changed; ${SEE}`],
    ['is silent about a verdict', ca.certificateValidate, silent, `${silent.message}; nothing was changed; ${SEE}`],
    ['is silent about a dry run', exchangeRequests.decide, silent, `${silent.message}; nothing was changed; ${SEE}`],
    ['is silent while it does something', ca.issuerAdd, silent, `${silent.message}; ${UNKNOWN}; ${SEE}`],
    ['is not there to do anything', ca.issuerAdd, gone, `${gone.message}; nothing was changed; ${SEE}`],
    ['is not there for another service', registry.partnerIdentify, gone, `${gone.message}; ${UNKNOWN}; ${SEE}`],
    [
      'keeps another from doing what that one keeps',
      exchangeRequests.approvalAccept,
      away('ca-store', 'timeout', `what anna decided is kept: ${silent.message}`),
      `what anna decided is kept: ${silent.message}; ${SEE}`,
    ],
    [
      'is none that runs here',
      registry.partnerGet,
      away('partner-registry', 'timeout', 'partner-registry did not answer within 5 s'),
      'partner-registry did not answer within 5 s; nothing was changed; see what certlane up says of partner-registry',
    ],
  ])('and %s is told with what is known and where to look', async (_how, contract, thrown, sentence) => {
    expect(await told(contract, thrown)).toMatchObject({
      code: 'unavailable',
      message: sentence,
      details: { service: thrown.details['service'] },
    });
  });

  it.each([
    ['a refusal', new CertlaneError('not-found', 'no such partner')],
    ['what a service itself cannot do now', new CertlaneError('unavailable', 'the store is away')],
    ['a defect', new TypeError('x')],
  ])('is not what is told of %s', async (_what, thrown) => {
    expect(await told(registry.partnerGet, thrown)).toBe(thrown);
  });
});
