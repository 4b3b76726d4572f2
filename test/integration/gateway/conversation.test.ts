import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryGateway } from '@certlane/session-gateway/testing';
import { efid, lastData, normalEnd, ScriptedPeer, sfid, ssid } from '../../support/oftp/index.js';

const A = 'O0013ACMEPARTS     PLANT1';
const B = 'O0942BIGCAR';

let gateway: MemoryGateway;
let port: number;

beforeEach(async () => {
  gateway = new MemoryGateway({ config: { tls: undefined } });
  gateway.addPartner({ station: B, partner: A, partnerPassword: 'SECRET1', ourPassword: 'PW2' });
  port = (await gateway.open()).tcp!.port;
});

afterEach(() => gateway.close());

describe('a caller that does all things right', () => {
  it('greets, sends a certificate file, gets its EERP and ends', async () => {
    const peer = await ScriptedPeer.tcp(port);
    await peer.expect('SSRM');
    peer.send(ssid(A, 'SECRET1'));
    const answer = await peer.expect('SSID');
    expect(answer).toMatchObject({ SSIDCODE: B, SSIDPSWD: 'PW2', SSIDSDEB: 4096, SSIDCRED: 64, SSIDAUTH: 'N' });
    const ended = gateway.ends.next();
    peer.send(sfid(A, B));
    await peer.expect('SFPA');
    peer.send(lastData(Buffer.from('HELLO')));
    peer.send(efid(5));
    expect(await peer.expect('EFPA')).toMatchObject({ EFPACD: 'Y' });
    peer.send({ command: 'CD' });
    expect(await peer.expect('EERP')).toMatchObject({
      EERPDSN: 'ODETTE_CERTIFICATE_DELIVER',
      EERPDEST: A,
      EERPORIG: B,
    });
    peer.send({ command: 'RTR' });
    await peer.expect('CD');
    peer.send(normalEnd);
    await peer.closed();
    expect(await ended).toMatchObject({
      role: 'responder',
      station: B,
      partner: A,
      filesReceived: 1,
      answersSent: 1,
      end: { outcome: 'completed', by: 'peer' },
    });
    expect([...gateway.exchange.received.values()].map(({ octets }) => Buffer.from(octets).toString())).toEqual([
      'HELLO',
    ]);
  });
});
