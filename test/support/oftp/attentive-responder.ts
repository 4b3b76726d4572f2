import type { Command, CommandNamed } from '@certlane/oftp2';
import { eerpFor, ssid } from '@certlane/oftp2/testing';
import type { ScriptedPeer } from './scripted-peer.js';

const READY: Command = { command: 'SSRM' };

/** Takes a call as a partner without secure authentication does: takes every file, answers each with EERP; the files taken. */
export async function attend(peer: ScriptedPeer, code: string, password: string): Promise<CommandNamed<'SFID'>[]> {
  peer.send(READY);
  await peer.expect('SSID');
  peer.send(ssid(code, password));
  const taken: CommandNamed<'SFID'>[] = [];
  const owed: CommandNamed<'SFID'>[] = [];
  for (;;) {
    const command = await peer.next();
    switch (command?.command) {
      case 'SFID':
        owed.push(command);
        peer.send({ command: 'SFPA', SFPAACNT: 0n });
        break;
      case 'EFID':
        peer.send({ command: 'EFPA', EFPACD: 'N' });
        break;
      case 'CD':
        for (const file of owed.splice(0)) {
          peer.send(eerpFor(file));
          await peer.expect('RTR');
          taken.push(file);
        }
        peer.send({ command: 'CD' });
        break;
      case 'ESID':
        peer.end();
        return taken;
      case undefined:
        return taken;
      default:
    }
  }
}
