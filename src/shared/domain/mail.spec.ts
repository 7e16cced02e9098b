import { describe, expect, test } from '@jest/globals';
import { specification, stopsAtTheUnheardOf } from '../../../test/support/specification.js';
import { fold } from './decider.js';
import { type MailEvent, mailDecider, PAUSES_MS, type QueuedMail } from './mail.js';

const mail: QueuedMail = {
  kind: 'payment_link',
  about: 'link_1',
  store: 'store_1',
  to: { name: 'Ada Lovelace', address: 'ada@example.test' },
  message_id: '<mail_1@quittance.test>',
  data: { order: 'order_1' },
};
const at = new Date('2026-11-23T10:00:00.000Z');
const queued: MailEvent = { type: 'MailQueued', data: mail };
const sent: MailEvent = { type: 'MailSent', data: {} };
const failed: MailEvent = { type: 'MailFailed', data: { error: '550 no such user' } };
const deferred = {
  type: 'MailDeferred',
  data: { error: '451 later', attempt: 1, next_at: '2026-11-23T10:00:02.000Z' },
} as const satisfies MailEvent;
const deferral = { type: 'RecordDeferral', error: '451 later', at } as const;

const { given } = specification(mailDecider);

describe('a mail', () => {
  test('is queued', () => given().when({ type: 'QueueMail', mail }).then(queued));
  test('is queued once, however often it is asked for', () =>
    given(queued).when({ type: 'QueueMail', mail }).thenNothing());
  test('is not sent before it is queued', () => given().when({ type: 'RecordSent' }).thenNothing());
  test('is sent once', () => given(queued, sent).when({ type: 'RecordSent' }).thenNothing());
  test('is tried again after two seconds', () => given(queued).when(deferral).then(deferred));
  test('is sent after it was put off', () => given(queued, deferred).when({ type: 'RecordSent' }).then(sent));
  test('fails at once where the server will never take it', () =>
    given(queued).when({ type: 'RecordRejection', error: '550 no such user' }).then(failed));
  test('that failed stays failed', () => given(queued, failed).when(deferral).thenNothing());
  test('that was sent is not put off by a late answer', () =>
    given(queued, sent).when(deferral).thenNothing());
  test('counts its attempts', () => {
    given(queued, deferred).thenState({
      status: 'deferred',
      mail,
      attempts: 1,
      nextAt: deferred.data.next_at,
    });
    given(queued, deferred, sent).thenState({ status: 'sent', mail, attempts: 2 });
    given(queued, deferred, failed).thenState({ status: 'failed', mail, attempts: 2 });
  });
  test('that nobody queued is none, whatever is said of it', () => given(sent).thenState({ status: 'none' }));
  test('is not queued again once it is over', () => {
    given(queued, sent).when({ type: 'QueueMail', mail }).thenNothing();
    given(queued, failed).when({ type: 'QueueMail', mail }).thenNothing();
  });
  test('does nothing that nobody has heard of', () => stopsAtTheUnheardOf(mailDecider, queued));

  test('is given up after growing pauses of nearly two days', () => {
    const history: MailEvent[] = [queued];
    let now = at.getTime();
    for (;;) {
      const [event] = mailDecider.decide({ ...deferral, at: new Date(now) }, fold(mailDecider, history));
      if (event) history.push(event);
      if (event?.type !== 'MailDeferred') break;
      now = Date.parse(event.data.next_at);
    }
    expect(history.at(-1)).toEqual({ type: 'MailFailed', data: { error: '451 later' } });
    expect((now - at.getTime()) / 3_600_000).toBeCloseTo(46.35, 1);
    expect(PAUSES_MS).toEqual([...PAUSES_MS].sort((a, b) => a - b));
  });
});
