import type { Context } from '../../../src/shared/application/context.js';
import type { Reply } from '../world/app-node.js';
import type { App } from '../world/wiring.js';
import type { World } from '../world/world.js';

const TRIES = 4;

/** Calls of people with an API key: each under a key of its own, repeated until it is answered. */
export class Calls {
  private count = 0;

  constructor(private readonly world: World) {}

  /** A number that no other call has had. */
  next(): number {
    this.count += 1;
    return this.count;
  }

  /** A call under an Idempotency-Key that makes something, and now and then once more. */
  async once(
    what: string,
    prefix: 'pay' | 'link' | 'refund',
    work: (app: App, id: string, context: Context) => Promise<unknown>,
  ): Promise<void> {
    const { random, ids } = this.world;
    const times = random.happens(0.25) ? 2 : 1;
    const make = () => `${prefix}_${ids.next()}`;
    await this.ask(
      what,
      (app, context) => {
        const { correlationId: key } = context;
        const call = { caller: 'key_1', route: what, key, bodyHash: what };
        return app.idempotency.once(call, make, ({ id }) => work(app, id, context));
      },
      times,
    );
  }

  /** Any other call. */
  async ask(what: string, work: (app: App, context: Context) => Promise<unknown>, times = 1): Promise<void> {
    const { random, coverage } = this.world;
    const context = this.by();
    let left = times;
    for (let tries = 0; tries < TRIES && left > 0; tries++) {
      if (tries > 0) coverage.count('T25 call repeated under its key');
      const reply: Reply<unknown> = await this.world.someNode().ask((app) => work(app, context));
      coverage.count(`${what}: ${reply.kind === 'refused' ? reply.code : reply.kind}`);
      if (reply.kind !== 'silence') left -= 1;
      await this.wait(random.happens(0.5) ? random.between(10, 2_000) : random.between(10, 120_000));
    }
  }

  /** Who asks, with a word of their own for each call. */
  by(): Context {
    return {
      actor: { kind: 'api_key', id: 'key_1' },
      correlationId: `key ${this.next()}`,
      origin: 'api',
      reason: 'because somebody said so',
    };
  }

  wait(ms: number): Promise<void> {
    return this.world.kernel.pause(this.world.outside, ms, 'operator');
  }

  /** Mostly the newest: what is under way is what people are busy with. */
  some<T>(all: Iterable<T>): T | undefined {
    const { random } = this.world;
    const known = [...all];
    if (known.length === 0) return undefined;
    return random.happens(0.5) ? known.at(-1) : random.pick(known);
  }
}
