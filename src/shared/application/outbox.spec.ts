import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MailId } from '../domain/ids.js';
import { MemoryEventStore } from '../infrastructure/event-store/memory.event-store.js';
import { UuidIds } from '../infrastructure/ids/uuid.ids.js';
import { mailCodec } from '../infrastructure/mail/mail.codec.js';
import { MemoryMailer } from '../infrastructure/mail/memory.mailer.js';
import { MemoryReadStore } from '../infrastructure/read-store/memory.read-store.js';
import { onOurOwn } from './context.js';
import { EventCatalog } from './event-catalog.js';
import { type MailRow, mails } from './mails.projection.js';
import { Outbox, type OutgoingMail } from './outbox.js';
import { Clock } from './ports/clock.port.js';
import { EventStoreUnavailable } from './ports/event-store.port.js';
import { ReadModel } from './read-model.js';
import { Streams } from './streams.js';
import { Subscriptions } from './subscriptions.js';

/** A clock on which time passes only when told to. */
class HandClock extends Clock {
  private at = Date.parse('2026-11-23T10:00:00.000Z');
  private readonly sleepers = new Set<{ until: number; wake: () => void }>();

  now(): Date {
    return new Date(this.at);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleeper = { until: this.at + ms, wake: resolve };
      if (signal?.aborted || ms <= 0) return resolve();
      this.sleepers.add(sleeper);
      signal?.addEventListener('abort', () => this.sleepers.delete(sleeper) && resolve(), { once: true });
    });
  }

  pass(ms: number): void {
    this.at += ms;
    for (const sleeper of this.sleepers) {
      if (sleeper.until <= this.at && this.sleepers.delete(sleeper)) sleeper.wake();
    }
  }
}

const mail: OutgoingMail = {
  id: 'mail_0192f3a4000070008000000000000001',
  kind: 'greeting',
  about: 'order_1',
  store: 'store_1',
  to: { name: 'Ada', address: 'ada@example.test' },
  data: { order: 'order_1' },
};
const context = onOurOwn('boot', 'c1');

class FailingStore extends MemoryEventStore {
  down = false;
  override append(...args: Parameters<MemoryEventStore['append']>) {
    if (this.down) throw new EventStoreUnavailable('down');
    return super.append(...args);
  }
}

describe('the outbox', () => {
  let store: FailingStore;
  let rows: MemoryReadStore;
  let clock: HandClock;
  let mailer: MemoryMailer;
  let running: Readonly<{ outbox: Outbox; stop(): Promise<void> }>;

  async function run() {
    const catalog = new EventCatalog().register(mailCodec);
    const streams = new Streams(store, catalog, clock, new UuidIds());
    const origin = { address: 'payments@quittance.test' };
    const outbox = new Outbox(streams, new ReadModel(rows), mailer, origin, clock);
    outbox.renders('greeting', async ({ to, data }) => ({
      fromName: 'Lamps & Co',
      subject: `About ${data['order']}`,
      text: `Hello ${to.name}`,
      html: `<p>Hello ${to.name}</p>`,
      attachments: [],
    }));
    const subscriptions = new Subscriptions(store, rows, catalog, clock);
    subscriptions.addProjection(mails).addPolicy(outbox.policy);
    await subscriptions.start();
    outbox.start();
    return {
      outbox,
      stop: async () => {
        await outbox.stop();
        await subscriptions.stop();
      },
    };
  }

  const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
  const row = async (id: MailId = mail.id) => rows.get<MailRow>(mails, id);

  beforeEach(async () => {
    store = new FailingStore();
    rows = new MemoryReadStore();
    clock = new HandClock();
    mailer = new MemoryMailer();
    running = await run();
  });
  afterEach(() => running.stop());

  test('sends what is queued, rendered at that moment', async () => {
    await running.outbox.queue(mail, context);
    await settled();
    expect(mailer.sent).toEqual([
      {
        messageId: '<mail_0192f3a4000070008000000000000001@quittance.test>',
        from: { name: 'Lamps & Co', address: 'payments@quittance.test' },
        to: mail.to,
        subject: 'About order_1',
        text: 'Hello Ada',
        html: '<p>Hello Ada</p>',
        attachments: [],
      },
    ]);
    expect(await row()).toMatchObject({ status: 'sent', attempts: 1, sent_at: '2026-11-23T10:00:00.000Z' });
  });

  test('sends the same id once', async () => {
    await Promise.all([running.outbox.queue(mail, context), running.outbox.queue(mail, context)]);
    await settled();
    await running.outbox.queue(mail, context);
    await settled();
    expect(mailer.sent).toHaveLength(1);
  });

  test('tries again after a while what was not taken', async () => {
    mailer.fail('defer');
    await running.outbox.queue(mail, context);
    await settled();
    expect(await row()).toMatchObject({
      status: 'deferred',
      last_error: '451 try again later',
      next_at: '2026-11-23T10:00:02.000Z',
    });
    clock.pass(2_000);
    await settled();
    expect(mailer.sent).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test('sends again, under the same Message-ID, where the answer was lost', async () => {
    mailer.fail('lose_answer');
    await running.outbox.queue(mail, context);
    await settled();
    clock.pass(2_000);
    await settled();
    const [first, second] = mailer.sent;
    expect(second).toEqual(first);
    expect(mailer.sent).toHaveLength(2);
  });

  test('gives up at once what will never be taken', async () => {
    mailer.fail('reject');
    await running.outbox.queue(mail, context);
    await settled();
    expect(await row()).toMatchObject({ status: 'failed', last_error: '550 no such mailbox', next_at: null });
  });

  test('gives up after two days of trying', async () => {
    mailer.fail('defer', 100);
    await running.outbox.queue(mail, context);
    for (let hours = 0; hours < 60; hours++) {
      await settled();
      clock.pass(3_600_000);
    }
    await settled();
    expect(await row()).toMatchObject({ status: 'failed', attempts: 11 });
  });

  test('takes up after a restart what was put off before', async () => {
    mailer.fail('defer');
    await running.outbox.queue(mail, context);
    await settled();
    await running.stop();
    clock.pass(60_000);
    running = await run();
    await settled();
    expect(await row()).toMatchObject({ status: 'sent', attempts: 2 });
  });

  test('sends once though the log is away when the answer comes', async () => {
    await running.outbox.queue(mail, context);
    store.down = true;
    await settled();
    expect(mailer.sent).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'queued' });
    store.down = false;
    clock.pass(300_000);
    await settled();
    clock.pass(300_000);
    await settled();
    expect(mailer.sent).toHaveLength(1);
    expect(await row()).toMatchObject({ status: 'sent', attempts: 1 });
  });

  test('waits for a renderer that fails', async () => {
    const other = { ...mail, kind: 'farewell' };
    await running.outbox.queue(other, context);
    await settled();
    expect(await row()).toMatchObject({
      status: 'deferred',
      last_error: 'nothing renders mail of kind farewell',
    });
    const rendered = { fromName: 'Lamps', subject: 'Bye', text: 'Bye', html: 'Bye', attachments: [] };
    running.outbox.renders('farewell', async () => rendered);
    clock.pass(2_000);
    await settled();
    expect(await row()).toMatchObject({ status: 'sent' });
  });
});
