import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Dice } from './dice.js';

export const WIRE_FAULTS = [
  'latency',
  'reset_before',
  'reset_after',
  'cut',
  'hang_before',
  'hang_after',
] as const;
export type WireFault = (typeof WIRE_FAULTS)[number];

const LONGEST_LATENCY_MS = 1_500;
const HOLE_EVERY_MS = 10_000;
const HOLE_MS = 3_000;

export type WireTerms = Readonly<{
  /** How likely each kind of fault is at one exchange: something sent, and what is answered. */
  perExchange: number;
  /** How likely, every ten seconds, it is that all that is sent is lost for three. */
  perHole: number;
  dice: Dice;
}>;

/** A stretch of network before a port of this machine on which things go wrong, and may be told to stop going wrong. */
export class FaultProxy {
  /** How often each thing went wrong. */
  readonly counts = new Map<WireFault | 'black_hole', number>();
  readonly #wires = new Set<Wire>();
  #hole = false;
  #calm = true;
  readonly #clock: NodeJS.Timeout;

  private constructor(
    readonly port: number,
    server: Server,
    target: number,
    private readonly terms: WireTerms,
  ) {
    server.on('connection', (client) => this.#lay(client, target));
    this.#clock = setInterval(() => this.#maybeHole(), HOLE_EVERY_MS);
    this.close = async () => {
      clearInterval(this.#clock);
      for (const wire of this.#wires) wire.cut();
      await new Promise((resolve) => server.close(resolve));
    };
  }

  readonly close: () => Promise<void>;

  static async before(target: number, terms: WireTerms): Promise<FaultProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new FaultProxy((server.address() as { port: number }).port, server, target, terms);
  }

  rage(): void {
    this.#calm = false;
  }

  /** Nothing goes wrong any more; what hangs is let go. */
  calm(): void {
    this.#calm = true;
    this.#hole = false;
    for (const wire of this.#wires) wire.cutIfStuck();
  }

  #lay(client: Socket, target: number): void {
    const wire = new Wire(
      client,
      connect(target, '127.0.0.1'),
      () => this.#draw(),
      () => this.#hole,
    );
    this.#wires.add(wire);
    client.once('close', () => this.#wires.delete(wire));
  }

  #draw(): Readonly<{ fault: WireFault; ms: number }> | undefined {
    if (this.#calm) return undefined;
    const { dice, perExchange } = this.terms;
    const fault = WIRE_FAULTS.find(() => dice.chance(perExchange));
    if (!fault) return undefined;
    this.#count(fault);
    return { fault, ms: dice.between(20, LONGEST_LATENCY_MS) };
  }

  #maybeHole(): void {
    if (this.#calm || !this.terms.dice.chance(this.terms.perHole)) return;
    this.#count('black_hole');
    this.#hole = true;
    setTimeout(() => {
      this.#hole = false;
      for (const wire of this.#wires) wire.cutIfStuck();
    }, HOLE_MS).unref();
  }

  #count(fault: WireFault | 'black_hole'): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }
}

type Struck = Readonly<{ fault: WireFault; ms: number }>;

/** One connection. What is sent after an answer has begun is another exchange. */
class Wire {
  #asking = false;
  #struck: Struck | undefined;
  #stuck = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly draw: () => Struck | undefined,
    private readonly isInHole: () => boolean,
  ) {
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.once('end', () => other.end());
      one.once('close', () => other.destroy());
    }
    client.on('data', (chunk: Buffer) => this.#ask(chunk));
    server.on('data', (chunk: Buffer) => this.#answer(chunk));
  }

  cut(): void {
    this.client.resetAndDestroy();
    this.server.destroy();
  }

  cutIfStuck(): void {
    if (this.#stuck) this.cut();
  }

  #ask(chunk: Buffer): void {
    if (!this.#asking) {
      this.#asking = true;
      this.#struck = this.draw();
    }
    if (this.isInHole() || this.#struck?.fault === 'hang_before') {
      this.#stuck = true;
      return;
    }
    if (this.#struck?.fault === 'reset_before') this.cut();
    else if (this.#struck?.fault === 'latency') this.#askLate(chunk, this.#struck.ms);
    else this.server.write(chunk);
  }

  #askLate(chunk: Buffer, ms: number): void {
    this.client.pause();
    setTimeout(() => {
      if (!this.server.destroyed) this.server.write(chunk);
      this.client.resume();
    }, ms);
  }

  #answer(chunk: Buffer): void {
    this.#asking = false;
    const fault = this.#struck?.fault;
    if (this.isInHole() || fault === 'hang_after') {
      this.#stuck = true;
      return;
    }
    const half = chunk.subarray(0, Math.ceil(chunk.length / 2));
    if (fault === 'reset_after') this.cut();
    else if (fault === 'cut') this.client.write(half, () => this.cut());
    else this.client.write(chunk);
  }
}
