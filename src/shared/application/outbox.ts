import { Injectable } from '@nestjs/common';
import { fold } from '../domain/decider.js';
import type { MailId, StoreId } from '../domain/ids.js';
import {
  isPending,
  type MailCommand,
  type MailEvent,
  mailAggregate,
  mailDecider,
  type QueuedMail,
} from '../domain/mail.js';
import { type Context, following } from './context.js';
import { type MailRow, mailIdOf, mails } from './mails.projection.js';
import type { Policy } from './policy.js';
import { Clock } from './ports/clock.port.js';
import { type Mail, Mailer, MailRejected } from './ports/mailer.port.js';
import { ReadModel } from './read-model.js';
import { Slots } from './slots.js';
import { Streams } from './streams.js';
import { Turns } from './turns.js';

/** What goes out. `data` holds ids and what a person wrote, never a rendered body. */
export type OutgoingMail = Readonly<{
  id: MailId;
  kind: string;
  /** Id of what the mail is about; mails are found by it. */
  about: string;
  store: StoreId;
  to: Readonly<{ name: string; address: string }>;
  data: Readonly<Record<string, unknown>>;
}>;

/** A mail as a renderer makes it, each time it is sent. */
export type RenderedMail = Pick<Mail, 'subject' | 'text' | 'html' | 'attachments'> &
  Readonly<{ fromName: string }>;

export type MailRenderer = (mail: OutgoingMail) => Promise<RenderedMail>;

/** The address that all our mail is sent from; the name beside it is the store's. */
export abstract class MailOrigin {
  abstract readonly address: string;
}

type Outcome = Exclude<MailCommand, { type: 'QueueMail' }>;

const SENT_AT_ONCE = 8;
const LOOK_AGAIN_MS = 30_000;

/**
 * Mail that leaves surely: queued in the log, sent by a worker that goes on after any crash. At least once, with
 * one Message-ID over all attempts. Sent by the policy as soon as it is queued, and by a timer where it was put off.
 */
@Injectable()
export class Outbox {
  private readonly renderers = new Map<string, MailRenderer>();
  private readonly turns = new Turns();
  private readonly slots = new Slots(SENT_AT_ONCE);
  /** What became of a mail, until the log has it: nobody gets it twice because the log was away. */
  private readonly unrecorded = new Map<MailId, Outcome>();
  private readonly waiting = new Set<MailId>();
  private readonly work = new Set<Promise<void>>();
  private stopping: AbortController | undefined;

  constructor(
    private readonly streams: Streams,
    private readonly rows: ReadModel,
    private readonly mailer: Mailer,
    private readonly origin: MailOrigin,
    private readonly clock: Clock,
  ) {}

  /** To be added to the subscriptions, with `mails`. */
  readonly policy: Policy<MailEvent> = {
    name: 'send-mail-when-queued',
    reads: ['MailQueued'],
    on: (event) => this.deliver(mailIdOf(event.stream)),
  };

  /** The same id twice is the same mail, which goes out once. */
  async queue({ id, ...mail }: OutgoingMail, context: Context): Promise<void> {
    const queued = { ...mail, message_id: this.messageId(id) };
    await this.streams.handle(mailAggregate, id, { type: 'QueueMail', mail: queued }, context);
  }

  /** Who renders mails of this kind. What it throws is an attempt in vain, so it may fail for a while. */
  renders(kind: string, renderer: MailRenderer): void {
    if (this.renderers.has(kind)) throw new Error(`two renderers for mail of kind ${kind}`);
    this.renderers.set(kind, renderer);
  }

  /** `<mail_…@…>`: the same for the same mail, for ever. */
  messageId(id: MailId): string {
    return `<${id}@${this.origin.address.slice(this.origin.address.lastIndexOf('@') + 1)}>`;
  }

  /** Takes up mail that was put off, also before a restart. */
  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    this.track(this.lookForPending(this.stopping.signal));
  }

  /** Resolves once nothing is being sent any more. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = undefined;
    while (this.work.size > 0) await Promise.all(this.work);
  }

  /** The rows may be behind the log, and a timer may be lost, so it looks again and again. */
  private async lookForPending(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const pending = this.rows.all(mails, { where: { status: ['queued', 'deferred'] }, limit: 100 });
        for await (const row of pending) this.deliverAt(row, signal);
      } catch {
        // The read model is away: its own reader says so, and the next look finds the same mails.
      }
      await this.clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }

  private deliverAt({ id, next_at }: Pick<MailRow, 'id' | 'next_at'>, signal: AbortSignal): void {
    if (this.waiting.has(id) || signal.aborted) return;
    this.waiting.add(id);
    const deliver = async () => {
      await this.clock.sleep(Math.max(0, Date.parse(next_at ?? '') - this.clock.now().getTime()), signal);
      this.waiting.delete(id);
      // What fails here is found again by the next look.
      if (!signal.aborted) await this.deliver(id).catch(() => undefined);
    };
    this.track(deliver());
  }

  private deliver(id: MailId): Promise<void> {
    return this.turns.take(id, async () => {
      const events = await this.streams.history(mailAggregate, id);
      const state = fold(mailDecider, events);
      const [queued] = events;
      if (!queued || !isPending(state)) return;
      if (state.status === 'deferred' && Date.parse(state.nextAt) > this.clock.now().getTime()) {
        return this.wait(id, state.nextAt);
      }
      const outcome = this.unrecorded.get(id) ?? (await this.attempt(id, state.mail));
      this.unrecorded.set(id, outcome);
      const recorded = await this.streams.handle(mailAggregate, id, outcome, following(queued));
      this.unrecorded.delete(id);
      if (recorded.state.status === 'deferred') this.wait(id, recorded.state.nextAt);
    });
  }

  private wait(id: MailId, next_at: string): void {
    if (this.stopping) this.deliverAt({ id, next_at }, this.stopping.signal);
  }

  private async attempt(id: MailId, { message_id: messageId, ...mail }: QueuedMail): Promise<Outcome> {
    await this.slots.enter();
    try {
      const render = this.renderers.get(mail.kind);
      if (!render) throw new Error(`nothing renders mail of kind ${mail.kind}`);
      const { fromName, ...rendered } = await render({ id, ...mail });
      const from = { name: fromName, address: this.origin.address };
      await this.mailer.send({ messageId, from, to: mail.to, ...rendered });
      return { type: 'RecordSent' };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof MailRejected) return { type: 'RecordRejection', error: reason };
      return { type: 'RecordDeferral', error: reason, at: this.clock.now() };
    } finally {
      this.slots.leave();
    }
  }

  private track(work: Promise<void>): void {
    const tracked = work.finally(() => this.work.delete(tracked));
    this.work.add(tracked);
  }
}
