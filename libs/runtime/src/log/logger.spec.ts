import { CertlaneError } from '@certlane/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { Secret } from '../config/secret.js';
import { startTracing, type Tracing } from '../trace/tracing.js';
import { withSpan } from '../trace/with-span.js';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

const PRIVATE_KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----';

function capture() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  return { lines, logger: createLogger({ service: 'ca-store', instance: 'one', level: 'trace', destination }) };
}

describe('createLogger', () => {
  let tracing: Tracing | undefined;

  afterEach(async () => {
    await tracing?.shutdown();
    tracing = undefined;
  });

  it('writes one JSON line with service, instance, time and level by name', () => {
    const { lines, logger } = capture();
    logger.info({ partner: 'O0013' }, 'partner added');
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        service: 'ca-store',
        instance: 'one',
        partner: 'O0013',
        msg: 'partner added',
      }),
    ]);
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  it('names the active span', async () => {
    tracing = await startTracing({ service: 'ca-store', instance: 'one' });
    const { lines, logger } = capture();
    const span = await withSpan('outer', {}, () => {
      logger.info('inside');
      return trace.getActiveSpan()?.spanContext();
    });
    logger.info('outside');
    expect(lines[0]).toMatchObject({ trace_id: span?.traceId, span_id: span?.spanId });
    expect(lines[1]).not.toHaveProperty('trace_id');
  });

  it.each([
    ['a field named like a secret', { password: 'hunter2' }],
    ['whatever way it is written', { 'Private-Key': 'hunter2', our_password: 'hunter2', SSIDPSWD: 'hunter2' }],
    ['deep inside', { request: { partner: { ourPassword: 'hunter2' } } }],
    ['in a list', { list: [{ seed: 'hunter2' }] }],
    ['a Secret', { config: { key: new Secret('hunter2') } }],
    ['a PEM private key in a text', { text: `see ${PRIVATE_KEY.replace('MIIEow', 'hunter2')}` }],
    ['a sealed blob in a text', { text: 'certlane.sealed.v1.hunter2' }],
    ['the details of an error', { err: new CertlaneError('internal', 'no', { details: { password: 'hunter2' } }) }],
    [
      'the text and the cause of an error',
      { err: new Error(`x ${PRIVATE_KEY}`, { cause: new Error('certlane.box.v1.hunter2') }) },
    ],
    ['octets', { octets: Buffer.from('hunter2') }],
  ])('redacts %s', (_what, fields) => {
    const { lines, logger } = capture();
    logger.info(fields, 'message');
    const line = JSON.stringify(lines[0]);
    for (const secret of ['hunter2', 'MIIEow', Buffer.from('hunter2').toString('base64'), '104,117'])
      expect(line).not.toContain(secret);
  });

  it('says of an error what it is, with code, details and causes', () => {
    const { lines, logger } = capture();
    const err = new CertlaneError('unavailable', 'not now', { details: { subject: 's' }, cause: new Error('deeper') });
    logger.error({ err }, 'request failed');
    expect(lines[0]?.err).toMatchObject({
      type: 'CertlaneError',
      code: 'unavailable',
      message: 'not now',
      details: { subject: 's' },
      cause: { type: 'Error', message: 'deeper' },
    });
  });

  it('bears fields that contain themselves', () => {
    const { lines, logger } = capture();
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    logger.info(cycle, 'message');
    expect(lines).toHaveLength(1);
  });

  it("carries Nest's own words, its chatter at debug", () => {
    const { lines, logger } = capture();
    const nest = new NestLogger(logger);
    nest.log('Mapped {/x}', 'RouterExplorer');
    nest.error(new Error('broken'), 'ExceptionHandler');
    expect(lines).toEqual([
      expect.objectContaining({ level: 'debug', msg: 'nest', text: 'Mapped {/x}', context: ['RouterExplorer'] }),
      expect.objectContaining({ level: 'error', err: expect.objectContaining({ message: 'broken' }) }),
    ]);
  });
});
