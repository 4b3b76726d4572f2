import { FrameReader } from '../../framing/frame-reader.js';
import type { Command } from '../../wire/command.js';
import { decodeCommand } from '../../wire/decode.js';
import { encodeFrame } from '../../wire/encode.js';
import { CAPABILITIES, COMMAND_SAMPLES, CONNECT_REQUEST, REQUEST_SAMPLES } from './events.js';
import { Station, type StationOptions } from './station.js';

/** The commands in frames that a station has sent. */
export function commandsOf(frames: readonly Uint8Array[]): Command[] {
  const reader = new FrameReader({ command: 99_999, data: 99_999 });
  for (const octets of frames) reader.push(octets);
  const commands: Command[] = [];
  for (let octets = reader.next(); octets !== undefined; octets = reader.next()) commands.push(decodeCommand(octets));
  return commands;
}

/** What a station has sent, in short: names, with the reason of ESID, SFNA and EFNA and the answer of EFPA. */
export function saidBy(station: Station): string {
  return commandsOf(station.sent)
    .map((command) => {
      switch (command.command) {
        case 'ESID':
          return `ESID ${command.ESIDREAS}`;
        case 'SFNA':
          return `SFNA ${command.SFNAREAS}`;
        case 'EFNA':
          return `EFNA ${command.EFNAREAS}`;
        case 'EFPA':
          return `EFPA ${command.EFPACD}`;
        default:
          return command.command;
      }
    })
    .join(' ');
}

/** Says these commands to a station, one write each. */
export function say(station: Station, ...commands: readonly (Command | Uint8Array)[]): void {
  for (const command of commands) {
    station.receive(command instanceof Uint8Array ? command : encodeFrame(command, { charset: 'printable' }));
  }
}

/** An Initiator that has been connected. */
export function anInitiator(options: Partial<StationOptions> = {}): Station {
  const station = new Station({ role: 'initiator', capabilities: CAPABILITIES, connect: CONNECT_REQUEST, ...options });
  station.connected();
  return station;
}

/** A Responder that has been called. */
export function aResponder(options: Partial<StationOptions> = {}): Station {
  const accept = REQUEST_SAMPLES.F_CONNECT_RS;
  const station = new Station({ role: 'responder', capabilities: CAPABILITIES, accept, ...options });
  station.connected();
  return station;
}

/** The SSID of the Initiator that a Responder of {@link aResponder} takes. */
export const INITIATOR_SSID: Extract<Command, { command: 'SSID' }> = {
  ...COMMAND_SAMPLES.SSID,
  SSIDCODE: CONNECT_REQUEST.code,
  SSIDPSWD: CONNECT_REQUEST.password,
  SSIDSDEB: 4096,
  SSIDCRED: 64,
};

/** A Responder that listens: SSIDs exchanged. */
export function aListener(options: Partial<StationOptions> = {}, terms: Partial<typeof INITIATOR_SSID> = {}): Station {
  const station = aResponder(options);
  say(station, { ...INITIATOR_SSID, ...terms });
  return station;
}
