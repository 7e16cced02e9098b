import { setTimeout as pause } from 'node:timers/promises';
import type { Json, QuittanceClient, Reply } from '../../src/cli/tour/quittance.client.js';
import type { Acknowledged } from './acknowledged.js';
import type { Dice } from './dice.js';

/** Longer than any answer may take; a server that died under a call breaks it off much earlier. */
const LONGEST_WAIT_MS = 40_000;
const BETWEEN_TRIES_MS = 150;
const TRIES = 60;
/** How likely it is that somebody does not try again. */
const GIVES_UP = 0.03;
/** Refusals that tell nothing of the call itself. */
const AGAIN = new Set(['idempotency_in_progress', 'read_model_behind', 'rate_limited', 'overloaded']);

/** A client of the public API as they should be: repeats under the same key what got no answer. Some give up. */
export class Clerk {
  constructor(
    readonly client: QuittanceClient,
    private readonly dice: Dice,
    private readonly acknowledged: Acknowledged,
  ) {}

  /** @returns the answer; nothing where whoever asked went away before there was one */
  async ask(what: string, call: () => Promise<Reply>, givesUp = GIVES_UP): Promise<Reply | undefined> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const reply = await this.#once(what, call);
      if (reply && !AGAIN.has(reply.body?.code) && reply.status < 502) return reply;
      if (this.dice.chance(givesUp)) return undefined;
      await pause(BETWEEN_TRIES_MS * (1 + Math.min(attempt, 6)));
    }
    return undefined;
  }

  /** The body of something that can be read. */
  async read(path: string): Promise<Json | undefined> {
    const reply = await this.ask('GET', () => this.client.get(path));
    return reply?.status === 200 ? reply.body : undefined;
  }

  /** Every entry of a list, however long. */
  async all(path: string): Promise<Json[]> {
    const entries: Json[] = [];
    for (;;) {
      const last = entries.at(-1)?.id;
      const url = `${path}${path.includes('?') ? '&' : '?'}limit=100${last ? `&starting_after=${last}` : ''}`;
      const { status, body } = await this.client.get(url);
      if (status !== 200) throw new Error(`${url}: ${status} ${JSON.stringify(body)}`);
      entries.push(...body.data);
      if (!body.has_more) return entries;
    }
  }

  async #once(what: string, call: () => Promise<Reply>): Promise<Reply | undefined> {
    const began = performance.now();
    const late = new AbortController();
    const tooLong = pause(LONGEST_WAIT_MS, 'late' as const, { signal: late.signal }).catch(
      () => 'late' as const,
    );
    const reply = await Promise.race([call().catch(() => undefined), tooLong]);
    late.abort();
    if (reply === 'late') {
      this.acknowledged.surprise(`${what} had no answer in ${LONGEST_WAIT_MS} ms`);
      return undefined;
    }
    if (!reply) return undefined;
    this.acknowledged.answered(what, reply.status, performance.now() - began);
    if (reply.status === 500)
      this.acknowledged.surprise(`${what} was answered ${JSON.stringify(reply.body)}`);
    return reply;
  }
}
