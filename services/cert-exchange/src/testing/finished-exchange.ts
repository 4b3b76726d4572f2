import type { ExchangeRecord } from '../domain/ledger/record.js';

/** An exchange that is over, named by its number and begun as many milliseconds after the first. */
export function finishedExchange(number: number): ExchangeRecord {
  const at = new Date(Date.parse('2026-03-01T00:00:00.000Z') + number).toISOString();
  return {
    id: `in-${number.toString(16).padStart(24, '0')}`,
    direction: 'inbound',
    kind: 'deliver',
    state: 'accepted',
    file: {
      datasetName: 'ODETTE_CERTIFICATE_DELIVER',
      date: '20260301',
      time: '1200000001',
      originator: 'a',
      destination: 'b',
    },
    description: '',
    octets: '',
    usages: [],
    message: `number ${number}`,
    checks: [],
    answered: true,
    attempts: 0,
    createdAt: at,
    updatedAt: at,
  };
}
