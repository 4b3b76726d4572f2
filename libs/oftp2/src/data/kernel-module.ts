/**
 * A WebAssembly module that spreads and joins full subrecords with 16-octet moves, assembled by hand. Each line has the
 * octets and, behind `;;`, their text form. 63 octets are moved as 16 + 16 + 16 + 16, the last overlapping the third by one.
 */
const TEXT = `
00 61 73 6d 01 00 00 00                 ;; (module
01 07 01 60 03 7f 7f 7f 00              ;;   (type (func (param $source i32) (param $target i32) (param $count i32)))
03 03 02 00 00                          ;;   two functions of that type
05 03 01 00 04                          ;;   (memory 4)
07 1a 03                                ;;   three exports
06 6d 65 6d 6f 72 79 02 00              ;;   (export "memory" (memory 0))
04 70 61 63 6b 00 00                    ;;   (export "pack" (func 0))
06 75 6e 70 61 63 6b 00 01              ;;   (export "unpack" (func 1))
0a a4 01 02                             ;;   the two bodies
54 00                                   ;;   (func $pack: 63 file octets become header and 63 octets
03 40                                   ;;     (loop
20 01 41 3f 3a 00 00                    ;;       (i32.store8 $target (i32.const 63))
20 01 20 00 fd 00 00 00 fd 0b 00 01     ;;       (v128.store offset=1 $target (v128.load $source))
20 01 20 00 fd 00 00 10 fd 0b 00 11     ;;       (v128.store offset=17 $target (v128.load offset=16 $source))
20 01 20 00 fd 00 00 20 fd 0b 00 21     ;;       (v128.store offset=33 $target (v128.load offset=32 $source))
20 01 20 00 fd 00 00 2f fd 0b 00 30     ;;       (v128.store offset=48 $target (v128.load offset=47 $source))
20 00 41 3f 6a 21 00                    ;;       (local.set $source (i32.add $source (i32.const 63)))
20 01 41 c0 00 6a 21 01                 ;;       (local.set $target (i32.add $target (i32.const 64)))
20 02 41 7f 6a 22 02 0d 00              ;;       (br_if 0 (local.tee $count (i32.add $count (i32.const -1))))
0b 0b                                   ;;   ))
4d 00                                   ;;   (func $unpack: header and 63 octets become 63 file octets
03 40                                   ;;     (loop
20 01 20 00 fd 00 00 01 fd 0b 00 00     ;;       (v128.store $target (v128.load offset=1 $source))
20 01 20 00 fd 00 00 11 fd 0b 00 10     ;;       (v128.store offset=16 $target (v128.load offset=17 $source))
20 01 20 00 fd 00 00 21 fd 0b 00 20     ;;       (v128.store offset=32 $target (v128.load offset=33 $source))
20 01 20 00 fd 00 00 30 fd 0b 00 2f     ;;       (v128.store offset=47 $target (v128.load offset=48 $source))
20 00 41 c0 00 6a 21 00                 ;;       (local.set $source (i32.add $source (i32.const 64)))
20 01 41 3f 6a 21 01                    ;;       (local.set $target (i32.add $target (i32.const 63)))
20 02 41 7f 6a 22 02 0d 00              ;;       (br_if 0 (local.tee $count (i32.add $count (i32.const -1))))
0b 0b                                   ;;   )))
`;

/** Octets of the module's memory, four pages: enough for the longest exchange buffer on either side. */
export const KERNEL_MEMORY = 4 * 65_536;

/** The module as octets. */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  const lines = TEXT.trim().split('\n');
  return Uint8Array.from(
    lines.flatMap((line) => (line.split(';;')[0] ?? '').trim().split(' ')).map((hex) => parseInt(hex, 16)),
  );
}
