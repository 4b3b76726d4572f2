import { serviceContracts } from '@certlane/contracts';
import { loadConfig, runMain, runService, Serves, wholeNumber } from '@certlane/runtime';
import { setTimeout as sleep } from 'node:timers/promises';

// A whole service process in small: a ca-store that answers every request with the same, after a while.
await runMain('ca-store', async (env) => {
  const { runtime, own } = loadConfig({ CERTLANE_TEST_DELAY: wholeNumber(0, 10_000).optional() }, env);
  class Answers {}
  for (const contract of serviceContracts['ca-store'].serves) {
    const answer = () => {
      process.stdout.write(`${JSON.stringify({ msg: 'asked' })}\n`);
      return sleep(own.CERTLANE_TEST_DELAY ?? 0, { issuers: [] });
    };
    const descriptor = { value: answer, writable: true, configurable: true };
    Object.defineProperty(Answers.prototype, contract.name, descriptor);
    Serves(contract)(Answers.prototype, contract.name, descriptor as never);
  }
  return runService({ name: 'ca-store', config: runtime, module: { controllers: [Answers] } });
});
