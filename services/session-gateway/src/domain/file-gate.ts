import type { SessionMode } from '@certlane/contracts';
import { SfnaReason, type FileDescription } from '@certlane/oftp2';
import { isCertificateFile } from './certificate-files.js';

/** What an offered file is judged by. */
export interface GateSettings {
  readonly mode: SessionMode;
  /** Codes a file may be addressed to: our station. */
  readonly destinations: readonly string[];
  /** Codes a file may come from: the partner. */
  readonly originators: readonly string[];
  /** Codes a certificate file may come from beside them, once the partner has proven who it is: its sub-stations. */
  readonly subStations: readonly string[];
  /** Longest certificate file that is taken in. */
  readonly maximumOctets: number;
}

/** Why a file is not taken; goes into SFNA. */
export interface FileRefusal {
  readonly reason: SfnaReason;
  /** For the partner's operator. */
  readonly text: string;
}

interface GateCheck {
  readonly refusal: (file: FileDescription, settings: GateSettings) => FileRefusal;
  readonly passes: (file: FileDescription, settings: GateSettings) => boolean;
}

const check = (
  reason: SfnaReason,
  text: string | ((file: FileDescription, settings: GateSettings) => string),
  passes: GateCheck['passes'],
): GateCheck => ({
  passes,
  refusal: (file, settings) => ({ reason, text: typeof text === 'string' ? text : text(file, settings) }),
});

const BLOCK = 1024;
const KNOWN_SUITES = 10;
const isSecured = (file: FileDescription): boolean => file.SFIDSEC !== 0 || file.SFIDCOMP !== 0;

/** In the bypass nobody has proven to be the partner, and a first exchange is its own: its sub-stations come after it. */
function isFromPartner(file: FileDescription, { mode, originators, subStations }: GateSettings): boolean {
  if (originators.includes(file.SFIDORIG)) return true;
  return mode === 'full' && isCertificateFile(file.SFIDDSN) && subStations.includes(file.SFIDORIG);
}

/** Names that could be taken for a path somewhere are refused although ours never become one. */
const PATH_LIKE = /^\/|(?:^|\/)\.\.(?:\/|$)/;

/** What any file must satisfy, certificate file or not, in the order the checks are made (RFC 5024 §5.3.3, §5.3.5). */
const ANY_FILE: readonly GateCheck[] = [
  check(
    SfnaReason.invalidFilename,
    'The dataset name must hold printable characters and be no path',
    (file) => /^[\x21-\x7e][\x20-\x7e]*$/.test(file.SFIDDSN) && !PATH_LIKE.test(file.SFIDDSN),
  ),
  check(SfnaReason.invalidDestination, 'This station takes files addressed to itself only', (file, settings) =>
    settings.destinations.includes(file.SFIDDEST),
  ),
  check(SfnaReason.invalidOrigin, 'The originator is not known for this partner', isFromPartner),
  check(
    SfnaReason.recordLengthNotSupported,
    'A record length is needed for formats F and V',
    (file) => (file.SFIDFMT !== 'F' && file.SFIDFMT !== 'V') || file.SFIDLRECL > 0,
  ),
  check(SfnaReason.unspecified, 'SFIDSEC is 00, 01, 02 or 03', (file) => file.SFIDSEC <= 3),
  check(
    SfnaReason.cipherSuiteNotSupported,
    'The cipher suite is not known',
    (file) => file.SFIDCIPH <= KNOWN_SUITES && (file.SFIDSEC === 0 || file.SFIDCIPH > 0),
  ),
  check(SfnaReason.compressionNotAllowed, 'SFIDCOMP is 0 or 1', (file) => file.SFIDCOMP <= 1),
  check(
    SfnaReason.unspecified,
    'SFIDENV is 0 or 1, and 1 for a secured or compressed file',
    (file) => file.SFIDENV <= 1 && (file.SFIDENV === 1 || !isSecured(file)),
  ),
];

/** What a certificate file must satisfy besides: it travels as it is, since the receiver may hold no key for it yet. */
const CERTIFICATE_FILE: readonly GateCheck[] = [
  check(SfnaReason.recordFormatNotSupported, 'Certificate files have format U', (file) => file.SFIDFMT === 'U'),
  check(
    SfnaReason.encryptedFileNotAllowed,
    'Certificate files travel unencrypted',
    (file) => file.SFIDSEC !== 1 && file.SFIDSEC !== 3,
  ),
  check(SfnaReason.signedFileNotAllowed, 'Certificate files travel unsigned', (file) => file.SFIDSEC !== 2),
  check(SfnaReason.compressionNotAllowed, 'Certificate files travel uncompressed', (file) => file.SFIDCOMP === 0),
  check(
    SfnaReason.fileSizeTooBig,
    (_file, settings) => `A certificate file has ${settings.maximumOctets} octets at most`,
    (file, settings) => file.SFIDFSIZ <= Math.ceil(settings.maximumOctets / BLOCK),
  ),
];

/** What may pass while the bypass is open. */
const EXCHANGE_ONLY: readonly GateCheck[] = [
  check(
    SfnaReason.fileDirectionRefused,
    'Only certificate files may pass until both sides hold the certificate of the other',
    (file, settings) => settings.mode === 'full' || isCertificateFile(file.SFIDDSN),
  ),
];

/** Why an offered file is not taken, or undefined where it may come; `certificate` tells which of the two it is. */
export function judgeFile(
  file: FileDescription,
  settings: GateSettings,
): { readonly refusal: FileRefusal | undefined; readonly certificate: boolean } {
  const certificate = isCertificateFile(file.SFIDDSN);
  const checks = [...ANY_FILE, ...EXCHANGE_ONLY, ...(certificate ? CERTIFICATE_FILE : [])];
  const failed = checks.find((each) => !each.passes(file, settings));
  return { refusal: failed?.refusal(file, settings), certificate };
}
