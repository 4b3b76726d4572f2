import { frameOf } from './notation.js';

/** Who sends a frame. */
export type Sender = 'I' | 'R';

/**
 * A whole session with one file and its EERP, octet by octet, made by hand from RFC 5024 §5.3: Initiator
 * O0013ACMEPARTS/PLANT1 with SECRET1, Responder O0942BIGCAR with PW2.
 */
const GOLDEN_TEXT: readonly (readonly [Sender, string, string])[] = [
  ['R', '10 00 00 17', 'I|ODETTE~FTP~READY~|<0D>'],
  ['I', '10 00 00 41', 'X|5|O0013ACMEPARTS{5~}PLANT1|SECRET1~|04096|B|Y|Y|N|064|N|{4~}|{8~}|<0D>'],
  ['R', '10 00 00 41', 'X|5|O0942BIGCAR{14~}|PW2{5~}|02048|B|N|Y|N|007|N|{4~}|{8~}|<0D>'],
  [
    'I',
    '10 00 00 A9',
    'H|HELLO.TXT{17~}|{3~}|20260301|1200000001|{8~}|O0942BIGCAR{14~}|O0013ACMEPARTS{5~}PLANT1|U|00000|{12x0}1|{12x0}1|{17x0}|00|00|0|0|N|000',
  ],
  ['R', '10 00 00 16', '2|{17x0}'],
  ['I', '10 00 00 0B', 'D|<85>HELLO'],
  ['I', '10 00 00 27', 'T|{17x0}|{16x0}5'],
  ['R', '10 00 00 06', '4|N'],
  ['I', '10 00 00 05', 'R'],
  [
    'R',
    '10 00 00 72',
    'E|HELLO.TXT{17~}|{3~}|20260301|1200000001|{8~}|O0013ACMEPARTS{5~}PLANT1|O0942BIGCAR{14~}|<00><00>|<00><00>',
  ],
  ['I', '10 00 00 05', 'P'],
  ['R', '10 00 00 05', 'R'],
  ['I', '10 00 00 0B', 'F|00|000|<0D>'],
];

/** The frames of the golden session in the order in which they are sent. */
export const GOLDEN: readonly { readonly sender: Sender; readonly octets: Uint8Array }[] = GOLDEN_TEXT.map(
  ([sender, header, exchangeBuffer]) => ({ sender, octets: frameOf(header, exchangeBuffer) }),
);
