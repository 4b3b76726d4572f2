export { attend } from './attentive-responder.js';
export { authenticate, type Authenticated, type Proof } from './authenticate.js';
export { CuttingProxy } from './cutting-proxy.js';
export { payloadSink } from './payload-sink.js';
export { ScriptedPeer, ScriptedResponder } from './scripted-peer.js';
