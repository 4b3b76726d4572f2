import { serviceContracts } from '@certlane/contracts';
import { runService, Secret, Serves, type RuntimeConfig } from '@certlane/runtime';
import { memoryStore } from '@certlane/runtime/testing';

// The other end of a request over our transport: a ca-store that knows one issuer and thinks about nothing. Arguments: URL, its
// answer to every request as JSON.
const [url = '', answer = '{}'] = process.argv.slice(2);
const reply: unknown = JSON.parse(answer);

class Answers {}
for (const contract of serviceContracts['ca-store'].serves) {
  const descriptor = { value: () => reply, writable: true, configurable: true };
  Object.defineProperty(Answers.prototype, contract.name, descriptor);
  Serves(contract)(Answers.prototype, contract.name, descriptor);
}
const config: RuntimeConfig = {
  nats: { servers: [url], credentials: { kind: 'password', user: 'ca-store', password: new Secret('test') } },
  prefix: 'certlane',
  store: { kind: 'nats' },
  http: { host: '127.0.0.1', port: 0 },
  logLevel: 'silent',
  instance: 'bench',
  concurrency: 64,
};
await runService({ name: 'ca-store', config, module: { controllers: [Answers] }, store: memoryStore() });
process.send?.('ready');
