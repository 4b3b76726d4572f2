import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from '../command.js';

const FOLDER = new URL('../../../../../test/vectors/oftp2/', import.meta.url);

/** A command as it stands on the wire and as an object, both written by hand from the RFC. */
export interface GoldenVector {
  readonly name: string;
  /** Stream transmission header and exchange buffer. */
  readonly frame: Uint8Array;
  readonly command: Command;
}

function parseHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(/#.*$/gm, '').replaceAll(/\s/g, ''), 'hex'));
}

/** What JSON cannot say is tagged: `{"$hex": "…"}` for octets, `{"$bigint": "…"}` for counts of 17 digits. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$hex' in value) return parseHex(String(value.$hex));
  if ('$bigint' in value) return BigInt(String(value.$bigint));
  return value;
}

/** All golden vectors, by name. */
export function goldenVectors(): readonly GoldenVector[] {
  const names = readdirSync(FOLDER).filter((file) => file.endsWith('.hex'));
  return names.map((file) => {
    const name = file.replace('.hex', '');
    return {
      name,
      frame: parseHex(readFileSync(new URL(file, FOLDER), 'utf8')),
      command: JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'), revive) as Command,
    };
  });
}

/** The golden vector of this name. */
export function goldenVector(name: string): GoldenVector {
  const vector = goldenVectors().find((candidate) => candidate.name === name);
  if (vector === undefined) throw new Error(`no golden vector ${name}`);
  return vector;
}

/** Its exchange buffer, fresh and without header. */
export function goldenBuffer(name: string): Uint8Array {
  return goldenVector(name).frame.slice(4);
}
