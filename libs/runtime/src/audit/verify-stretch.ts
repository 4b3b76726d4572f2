import { isCertlaneError, type AuditFault, type OpenIntent } from '@certlane/contracts';
import type { AuditBlocks } from './blocks.js';
import { checkEntry, ORIGIN, type Checked, type Fault, type Link } from './chain.js';

const READ_AT_ONCE = 32;
/** What is open takes room in the reply. */
const MAX_OPEN = 500;

/** What is known of a stretch of the trail. */
export interface Stretch {
  /** Entries that are good. */
  readonly entries: number;
  /** The first entry that is not. */
  readonly broken?: { readonly number: number; readonly fault: AuditFault; readonly message: string };
  /** Begun in the stretch and not ended in it. */
  readonly open: OpenIntent[];
  /** Begun before it and ended in it. */
  readonly closed: number[];
  /** The last entry that is good. */
  readonly head: Link;
  /** Whether the trail goes on behind it. */
  readonly more: boolean;
}

/** What a stretch is cut by. */
export interface StretchParts {
  readonly blocks: AuditBlocks;
  readonly service: string;
  /** The entry before the stretch, which has to be there with this hash. */
  readonly after?: Link | undefined;
  /** Entries at most. */
  readonly limit: number;
}

/** Recomputes a stretch of the chain from what is stored. */
export async function verifyStretch({ blocks, service, after = ORIGIN, limit }: StretchParts): Promise<Stretch> {
  const walk = new Walk(service, after);
  const last = await blocks.last();
  let more = false;
  let anchored = after.number === 0;
  for await (const found of entriesFrom(blocks, after, last)) {
    if (!anchored) {
      if (numberOf(found) < after.number) continue;
      walk.begin(found);
      anchored = true;
    } else if (walk.entries === limit || walk.open.size === MAX_OPEN) {
      more = true;
      break;
    } else walk.take(found);
    if (walk.broken !== undefined) break;
  }
  if (walk.broken === undefined && !anchored)
    walk.break(after.number, { fault: 'missing', message: 'the trail ends before it' });
  if (walk.broken === undefined && !more && (await blocks.anyBehind(last)))
    walk.take({ fault: 'missing', message: `block ${last + 1} of the trail is not there although later ones are` });
  const { broken, entries, open, closed, head } = walk;
  return { entries, ...(broken === undefined ? {} : { broken }), open: [...open.values()], closed, head, more };
}

/** Something stored in the place of an entry, or why there is nothing to look at. */
type Found = { readonly stored: unknown } | Fault;

async function* entriesFrom(blocks: AuditBlocks, after: Link, last: number): AsyncGenerator<Found> {
  let next: number;
  try {
    next = after.number === 0 ? 1 : await blocks.blockOf(after.number, last);
  } catch (thrown) {
    if (!isCertlaneError(thrown) || thrown.code !== 'failed-precondition') throw thrown;
    yield { fault: 'unreadable', message: thrown.message };
    return;
  }
  while (next <= last) {
    const count = Math.min(READ_AT_ONCE, last - next + 1);
    const numbers = Array.from({ length: count }, (_, index) => next + index);
    const read = await Promise.all(numbers.map((number) => blocks.stored(number)));
    for (const [index, block] of read.entries()) yield* entriesOf(block, next + index);
    next += count;
  }
}

function* entriesOf(block: unknown, number: number): Generator<Found> {
  if (block === undefined) {
    yield { fault: 'missing', message: `block ${number} of the trail is not there` };
    return;
  }
  const { entries } = (block ?? {}) as { entries?: unknown };
  if (!Array.isArray(entries) || entries.length === 0)
    yield { fault: 'unreadable', message: `block ${number} of the trail is not one` };
  else for (const stored of entries as unknown[]) yield { stored };
}

/** Where nothing tells a number, whoever looks for one has come far enough. */
function numberOf(found: Found): number {
  const { number } = ('stored' in found ? (found.stored ?? {}) : {}) as { number?: unknown };
  return typeof number === 'number' ? number : Infinity;
}

/** One way along the chain. */
class Walk {
  readonly #service: string;
  head: Link;
  entries = 0;
  broken: Stretch['broken'];
  readonly open = new Map<number, OpenIntent>();
  readonly closed: number[] = [];

  constructor(service: string, after: Link) {
    this.#service = service;
    this.head = after;
  }

  /** The entry before the stretch: it has to be the one that was noted, whatever it follows. */
  begin(found: Found): void {
    const noted = this.head;
    const { previous } = ('stored' in found ? (found.stored ?? {}) : {}) as { previous: string };
    const checked = this.#checked(found, { number: noted.number - 1, hash: previous });
    if (checked.entry === undefined) this.break(noted.number, checked.wrong);
    else if (checked.entry.hash !== noted.hash)
      this.break(noted.number, { fault: 'altered', message: 'it has another hash than the one that was noted' });
  }

  take(found: Found): void {
    const checked = this.#checked(found, this.head);
    if (checked.entry === undefined) {
      this.break(this.head.number + 1, checked.wrong);
      return;
    }
    const { entry } = checked;
    this.entries += 1;
    this.head = { number: entry.number, hash: entry.hash };
    if (entry.phase === 'intended') {
      const { number, at, actor, act, about } = entry;
      this.open.set(number, { number, at, actor, act, about });
    } else if (entry.intent !== undefined && !this.open.delete(entry.intent)) this.closed.push(entry.intent);
  }

  break(number: number, { fault, message }: Fault): void {
    this.broken = { number, fault, message };
  }

  #checked(found: Found, before: Link): Checked {
    return 'stored' in found ? checkEntry(found.stored, before, this.#service) : { wrong: found };
  }
}
