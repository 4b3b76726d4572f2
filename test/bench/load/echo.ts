import { connectNats, Secret } from '@certlane/runtime';

// The bare other end of a request: answers with so many octets, nothing else. Arguments: URL, octets.
const [url = '', octets = '0'] = process.argv.slice(2);
const connection = await connectNats(
  { servers: [url], credentials: { kind: 'password', user: 'anyone', password: new Secret('test') } },
  'anyone',
);
const reply = Buffer.alloc(Number(octets), 'x');
connection.subscribe('bench.echo', { callback: (_error, message) => void message.respond(reply) });
await connection.flush();
process.send?.('ready');
