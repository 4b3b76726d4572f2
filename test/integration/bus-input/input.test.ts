import { serviceContracts, serviceNames, type RequestContract } from '@certlane/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changed, damages } from './damage.js';
import { contents, neverAboutStrangers, references, strangersAnswered, triedIsWritten } from './references.js';
import { requestRows, type RequestRow } from './requests.js';
import { startWholeLine, type RawAnswer, type WholeLine } from './whole-line.js';

const contracts = serviceNames.flatMap((name) => serviceContracts[name].serves);
const named = (contract: RequestContract) => [contract.subject, contract] as const;
const NOBODY = 'O0199NOBODY';
const NO_FINGERPRINT = '0'.repeat(64);

describe('bad input on the bus', () => {
  let line: WholeLine;
  let rows: readonly RequestRow[];

  beforeAll(async () => {
    line = await startWholeLine();
    rows = requestRows(line.known);
  });

  afterAll(() => line.stop());

  const rowOf = (contract: RequestContract): RequestRow => {
    const found = rows.find((row) => row.contract === contract);
    if (found === undefined) throw new Error(`no row for ${contract.service} ${contract.name}: add one to requests.ts`);
    return found;
  };

  /** Asks, and checks that nothing was stored, told or handed out. */
  const harmless = async (contract: RequestContract, body: unknown): Promise<RawAnswer> => {
    const before = await line.everything();
    const answer = await line.ask(contract, body);
    const after = Object.entries(await line.everything()).filter(
      ([subject]) => subject in before || !(triedIsWritten.includes(contract) && /\.audit\.\d+$/.test(subject)),
    );
    expect(Object.fromEntries(after)).toEqual(before);
    return answer;
  };

  it.each(contracts.map(named))('%s names the field that is wrong by its form', async (_subject, contract) => {
    const { request, optional } = rowOf(contract);
    // A row that is wrong in itself would prove nothing.
    expect(contract.request.safeParse(request)).toMatchObject({ success: true });
    const before = await line.everything();
    const passed: object[] = [];
    for (const { what, field, body } of damages(request, optional)) {
      const { code, status, field: told = '', message } = await line.ask(contract, body);
      const isNamed = field === '' || told === field || told.startsWith(`${field}.`);
      if (code !== 'invalid-argument' || status !== '400' || !isNamed || !message.includes(told)) {
        passed.push({ what, field, code, told, message: message.slice(0, 200) });
      }
    }
    expect(passed).toEqual([]);
    expect(await line.everything()).toEqual(before);
  });

  it.each(contracts.map(named))('%s is no request unless it is a JSON object', async (_subject, contract) => {
    for (const body of ['', 'not json', '{"unfinished": ', 'null', '[]', '"text"', '\u0000\u00ff']) {
      expect(await line.ask(contract, Buffer.from(body, 'latin1'))).toMatchObject({ code: 'invalid-argument' });
    }
  });

  describe.each(['station', 'partner'])('an unknown %s', (field) => {
    const concerned = contracts
      .filter(({ request }) => Object.hasOwn((request as { shape?: object }).shape ?? {}, field))
      .filter((contract) => !neverAboutStrangers.includes(contract));
    const refusing = concerned.filter((contract) => !strangersAnswered.includes(contract));
    const answering = concerned.filter((contract) => strangersAnswered.includes(contract));

    it.each(refusing.map(named))('is named by %s', async (_subject, contract) => {
      const answer = await harmless(contract, changed(rowOf(contract).request, [field], { put: NOBODY }));
      expect(answer).toMatchObject({ code: 'not-found', status: '404', message: expect.stringContaining(NOBODY) });
    });

    it.each(answering.map(named))('leaves no trace with %s, which has an answer for it', async (_subject, contract) => {
      const { optional, request } = rowOf(contract);
      const whole = optional.includes('after') ? changed(request, ['after'], 'leave out') : request;
      expect(await harmless(contract, changed(whole, [field], { put: NOBODY }))).not.toHaveProperty('code');
    });
  });

  it.each(references.map(([contract, ...rest]) => [contract.subject, ...rest, contract] as const))(
    '%s says so when its %s is unknown (%s)',
    async (_subject, field, code, contract) => {
      const row = rowOf(contract);
      const form = (row.request as Record<string, unknown>)[field];
      const unknown = typeof form === 'string' && form.length === NO_FINGERPRINT.length ? NO_FINGERPRINT : form;
      expect(await harmless(contract, withField(row, field, unknown))).toMatchObject({ code, field });
    },
  );

  it.each(contents.map(([contract, ...rest]) => [contract.subject, ...rest, contract] as const))(
    '%s says so when its %s is %j (%s)',
    async (_subject, field, value, code, contract) => {
      const answer = await harmless(contract, withField(rowOf(contract), field, value));
      expect(answer).toMatchObject({ code, field: expect.stringMatching(new RegExp(`^${field}`)) });
    },
  );
});

/** The request with one field changed, and without those that may be left out and might be refused first. */
function withField({ request, optional }: RequestRow, field: string, value: unknown): unknown {
  const others = optional.filter((name) => name !== field && !name.includes('.'));
  const least = others.reduce<unknown>((rest, name) => changed(rest, [name], 'leave out'), request);
  return changed(least, [field], { put: value });
}
