export type { Reason, ReasonKind, ReasonRow } from './reasons/reason.js';
export { EsidReason, esidReasons } from './reasons/esid.js';
export { SfnaReason, sfnaReasons } from './reasons/sfna.js';
export { EfnaReason, efnaReasons } from './reasons/efna.js';
export { NerpReason, nerpReasons } from './reasons/nerp.js';
export { nerpReasonForEfna, nerpReasonForEsid, nerpReasonForSfna } from './reasons/to-nerp.js';
export type { Command, CommandName, CommandNamed } from './wire/command.js';
export { COMMANDS } from './wire/command.js';
export { commandsDocument } from './wire/commands-document.js';
export { decodeCommand, decodeExchangeBuffer, type Decoded, type DecodeOptions } from './wire/decode.js';
export { encodeCommand, encodeFrame, type EncodeOptions } from './wire/encode.js';
export { describeCommand, type CommandForLog } from './wire/describe.js';
export { EncodeError, ProtocolError } from './wire/errors.js';
export { isPrintable } from './wire/characters.js';
export { signedOctets } from './wire/signed-octets.js';
export { fitText, forLog } from './wire/text.js';
export { DEFAULT_LENIENCIES, LENIENCIES, NO_LENIENCIES } from './wire/leniencies.js';
export type { Leniency, LeniencyName, Notice } from './wire/leniencies.js';
export { FrameReader, LIMITS_BEFORE_SSID, type FrameLimits } from './framing/frame-reader.js';
export { ForeignProtocolError, type ForeignProtocol } from './framing/foreign.js';
export { HEADER_LENGTH, LONGEST_EXCHANGE_BUFFER, writeHeader } from './framing/header.js';
export { ExchangeBufferEncoder, type EncoderOptions } from './data/encoder.js';
export { ExchangeBufferDecoder, type DecodedData, type DecoderOptions, type FileProblem } from './data/decoder.js';
export type { Allocate, DataFrames } from './data/frame-writer.js';
export { blocksOf, hasRecords, transmittedLayout } from './data/virtual-file.js';
export type { FileCounts, LayoutFields, VirtualFileFormat, VirtualFileLayout } from './data/virtual-file.js';
export { countsAt, restartPosition } from './data/restart.js';
export { SlabPool } from './data/slab-pool.js';
export { capacityOf } from './data/subrecord.js';
export { scriptKernel, subrecordKernel, type SubrecordKernel } from './data/kernel.js';
export { Session, type SessionOptions } from './session/session.js';
export { SessionRequestError } from './session/session-error.js';
export { FileSender, type FileSenderOptions } from './session/file-sender.js';
export { samePadded } from './session/authentication.js';
export { DEFAULT_LIMITS, type SessionLimits } from './session/limits.js';
export { DEFAULT_TIMEOUTS, type TimerKind, type Timeouts } from './session/timers.js';
export type { Effect } from './session/effects.js';
export type { Role, Tolerance, UserError } from './session/machine.js';
export type { Capabilities, Mode, Negotiated } from './session/negotiation.js';
export type { SessionState } from './session/states.js';
export type {
  AbortIndication,
  ConnectRequest,
  ConnectResponse,
  EndResponse,
  FileDescription,
  Indication,
  NegativeEndResponse,
  Request,
  RequestNamed,
} from './session/primitives.js';
