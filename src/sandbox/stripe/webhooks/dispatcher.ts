import type { Books } from '../engine/books.js';
import type { VirtualClock } from '../engine/clock.js';
import type { FaultRules, StruckDelivery, WebhookEffect } from '../faults/rules.js';
import type { Delivery, StripeEvent } from '../objects/event.js';
import { pack } from './parcel.js';

type Sent = Readonly<{ status: number | null; error: string | null }>;

const atOnce = 8;
const timeoutMs = 10_000;
const reorderPatienceMs = 2000;

/** Brings events to endpoints: at least once, in no particular order, again and again until they are taken. */
export class Dispatcher {
  private readonly waiting: string[] = [];
  private readonly held = new Map<string, string[]>();
  /** Deliveries whose fault has been had: they go out as they are. */
  private readonly excused = new Set<string>();
  private readonly stopping = new AbortController();
  private released: Promise<void> = Promise.resolve();
  private active = 0;

  constructor(
    private readonly books: Books,
    private readonly clock: VirtualClock,
    private readonly faults: FaultRules,
    private readonly waits: readonly number[],
  ) {}

  /** Takes up what was under way when the sandbox stopped. */
  start(): void {
    for (const { id, object } of this.books.deliveries.all()) {
      if (object.state === 'pending') this.queue(id, object.nextAt);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  queue(id: string, at: number): void {
    this.clock.at(at, () => this.ready(id));
  }

  /** Sends it once more, whatever became of it. */
  resend(id: string): boolean {
    const row = this.books.deliveries.find(id);
    if (!row) return false;
    this.books.commit(() => {
      const again = { ...row.object, state: 'pending' as const, attempts: 0, nextAt: this.clock.now };
      this.books.deliveries.replace(row, again);
      if (row.object.state === 'delivered') this.countUndelivered(row.object.event, 1);
    });
    this.queue(id, this.clock.now);
    return true;
  }

  private ready(id: string): void {
    this.waiting.push(id);
    this.next();
  }

  private next(): void {
    while (this.active < atOnce && !this.stopping.signal.aborted) {
      const id = this.waiting.shift();
      if (id === undefined) return;
      this.active += 1;
      this.bring(id)
        .catch(() => this.queue(id, this.clock.now + 1000)) // the books could not be written: the delivery still stands
        .finally(() => {
          this.active -= 1;
          this.next();
        });
    }
  }

  private async bring(id: string): Promise<void> {
    await this.books.settled();
    const row = this.books.deliveries.find(id);
    if (row?.object.state !== 'pending' || row.object.nextAt > this.clock.now) return;
    const event = this.books.events.find(row.object.event);
    const endpoint = this.books.endpoints.find(row.object.endpoint);
    if (!event || endpoint?.object.status !== 'enabled') {
      this.record(id, { status: null, error: 'the endpoint is gone or disabled' }, 'failed');
      return;
    }
    const { type, url } = row.object;
    const subject = { type, endpoint: endpoint.id, account: event.account };
    const struck = this.excused.delete(id) ? undefined : this.faults.forDelivery(subject);
    if (struck && this.putOff(id, row.object.nextAt, struck)) return;
    const { secret, previousSecret, previousUntil, connect } = endpoint.note;
    const secrets =
      previousSecret !== null && previousUntil > this.clock.now ? [secret, previousSecret] : [secret];
    const body: StripeEvent = connect ? { ...event.object, account: event.account } : event.object;
    const times = struck?.effect.kind === 'duplicate' ? 1 + struck.effect.n : 1;
    let sent: Sent = { status: null, error: null };
    for (let time = 0; time < times; time++) sent = await this.post(url, body, secrets, struck?.effect);
    if (!this.stopping.signal.aborted) this.record(id, sent);
  }

  /** Whether the fault keeps it from going out now, when it is due. */
  private putOff(id: string, due: number, { id: rule, effect, random }: StruckDelivery): boolean {
    switch (effect.kind) {
      case 'drop':
        this.record(id, { status: null, error: 'lost on the way' }, 'dropped');
        return true;
      case 'delay':
        this.excused.add(id);
        this.queue(id, due + effect.ms);
        return true;
      case 'reorder': {
        const held = this.held.get(rule) ?? [];
        this.held.set(rule, [...held, id]);
        if (held.length + 1 >= effect.window) this.release(rule, random);
        else if (held.length === 0) setTimeout(() => this.release(rule, random), reorderPatienceMs).unref();
        return true;
      }
      default:
        return false;
    }
  }

  /** In another order than they came, one after the other: who hears them together would not notice. */
  private release(rule: string, random: () => number): void {
    const held = this.held.get(rule) ?? [];
    this.held.delete(rule);
    const mixed = held.map((id) => ({ id, rank: random() })).sort((a, b) => a.rank - b.rank);
    const inOrder = mixed.every(({ id }, at) => id === held[at]);
    for (const { id } of inOrder ? mixed.reverse() : mixed) {
      this.excused.add(id);
      this.released = this.released
        .then(() => this.bring(id))
        .catch(() => this.queue(id, this.clock.now + 1000));
    }
  }

  private async post(
    url: string,
    event: StripeEvent,
    secrets: readonly string[],
    fault?: WebhookEffect,
  ): Promise<Sent> {
    const { body, signature } = pack(event, secrets, fault);
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signature,
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), this.stopping.signal]),
      });
      await response.body?.cancel();
      return { status: response.status, error: null };
    } catch (error) {
      return { status: null, error: reasonOf(error) };
    }
  }

  private record(id: string, { status, error }: Sent, ended?: 'failed' | 'dropped'): void {
    this.books.commit(() => {
      const row = this.books.deliveries.find(id);
      if (!row) return;
      const attempts = row.object.attempts + 1;
      const taken = status !== null && status >= 200 && status < 300;
      const wait = this.waits[attempts - 1];
      const state: Delivery['state'] = taken
        ? 'delivered'
        : (ended ?? (wait === undefined ? 'failed' : 'pending'));
      const nextAt = state === 'pending' ? this.clock.now + (wait ?? 0) : row.object.nextAt;
      const after = { ...row.object, state, attempts, nextAt, lastStatus: status, lastError: error };
      this.books.deliveries.replace(row, after);
      if (state === 'delivered') this.countUndelivered(row.object.event, -1);
      if (state === 'pending') this.queue(id, nextAt);
    });
  }

  private countUndelivered(id: string, change: number): void {
    const event = this.books.events.find(id);
    if (event)
      this.books.events.replace(event, event.object, { undelivered: event.note.undelivered + change });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
