import type { Station } from './station.js';

/** How the network behaves: which side's octets arrive next (true: the Initiator's), and how many of them. */
export interface Weather {
  readonly initiatorFirst: () => boolean;
  readonly octets: (waiting: number) => number;
}

/** Everything arrives, the Responder's octets first. */
export const FAIR: Weather = { initiatorFirst: () => false, octets: (waiting) => waiting };

/** Two stations and the octets under way between them. */
export class Link {
  readonly #sides: readonly [
    { station: Station; taken: number; waiting: Uint8Array },
    { station: Station; taken: number; waiting: Uint8Array },
  ];
  /** Frames delivered so far, by both. */
  frames = 0;

  constructor(initiator: Station, responder: Station) {
    const none = new Uint8Array(0);
    this.#sides = [
      { station: initiator, taken: 0, waiting: none },
      { station: responder, taken: 0, waiting: none },
    ];
    responder.connected();
    initiator.connected();
  }

  /** Carries octets until nothing moves any more, or `until` says so; then each side sees the other's close. */
  run(weather: Weather = FAIR, until: () => boolean = () => false): void {
    while (!until()) {
      for (const side of this.#sides) this.#collect(side);
      const [initiator, responder] = this.#sides;
      const order = weather.initiatorFirst() ? [initiator, responder] : [responder, initiator];
      const sender = order.find((side) => side.waiting.length > 0);
      if (sender === undefined) {
        if (!this.#close()) return;
        continue;
      }
      const receiver = sender === initiator ? responder : initiator;
      const count = Math.max(1, Math.min(sender.waiting.length, weather.octets(sender.waiting.length)));
      const octets = sender.waiting.slice(0, count);
      sender.waiting = sender.waiting.subarray(count);
      receiver.station.receive(octets);
    }
  }

  /** The connection breaks: each side notices. */
  cut(): void {
    for (const { station } of this.#sides) station.disconnected();
  }

  #collect(side: { station: Station; taken: number; waiting: Uint8Array }): void {
    const fresh = side.station.sent.slice(side.taken);
    if (fresh.length === 0) return;
    side.taken = side.station.sent.length;
    side.waiting = Buffer.concat([side.waiting, ...fresh]);
  }

  /** One side has closed: the other is told. False when there is nothing to tell. */
  #close(): boolean {
    const open = this.#sides.filter(({ station }) => station.session.state !== 'IDLE');
    if (open.length !== 1) return false;
    open[0]?.station.disconnected();
    return true;
  }
}
