export { efid, eerpFor, lastData, normalEnd, sfid, ssid } from './commands.js';
export { ScriptedPeer } from './scripted-peer.js';
