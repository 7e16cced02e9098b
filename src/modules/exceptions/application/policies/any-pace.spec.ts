import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AnExceptionDesk } from '../../../../../test/support/an-exception-desk.js';
import { total } from '../../../../../test/support/an-order.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';

/** Every policy reads the log at its own pace: what comes of it must not depend on which is ahead. */
const paces = fc.shuffledSubarray([...Array(AnExceptionDesk.policies).keys()], {
  minLength: AnExceptionDesk.policies,
});

let desk: AnExceptionDesk | undefined;
afterEach(() => desk?.close());

/** Plays a story at several paces; each must end in the same exceptions, mails and refunds. */
function atAnyPace(
  play: (desk: AnExceptionDesk, tell: () => Promise<void>) => Promise<void>,
  ends: readonly string[],
) {
  return fc.assert(
    fc.asyncProperty(paces, async (order) => {
      await desk?.close();
      const fresh = await AnExceptionDesk.open();
      desk = fresh;
      await play(fresh, () => fresh.tellOneByOne(order));
      await fresh.tellOneByOne(order);
      const ended = (await fresh.exceptions()).map(({ kind, status, resolution }) =>
        [kind, status, resolution?.outcome].filter(Boolean).join(' '),
      );
      expect([...ended].sort()).toEqual([...ends].sort());
      expect(await fresh.mails()).toHaveLength(ends.length);
    }),
    { numRuns: 6 },
  );
}

const idOf = async (at: AnExceptionDesk): Promise<ExceptionId> =>
  (await at.exceptions()).find(({ status }) => status === 'open')?.id ?? 'exc_none';

describe('whichever policy is ahead', () => {
  test('an excess that was refunded elsewhere at once is one exception, over by itself', () =>
    atAnyPace(
      async (at) => {
        const order = await at.anOrder();
        await at.paid(order, 12_500);
        await at.tellOrder(order, { type: 'ReviseOrder', changes: total(12_500) });
      },
      ['overpaid resolved settled_otherwise'],
    ));

  test('a refund that an exception made and the bank sent back is an exception of its own, once', () =>
    atAnyPace(
      async (at, tell) => {
        const payment = await at.paid(await at.anOrder(), 12_500);
        await tell();
        await at.resolve(await idOf(at), 'refund_excess');
        at.stripe.sendBack(payment);
        await at.lookAt(payment);
      },
      ['overpaid resolved refunded', 'refund_failed open'],
    ));

  test('a refund that Stripe would not make is the trouble of the exception that asked for it', () =>
    atAnyPace(
      async (at, tell) => {
        await at.paid(await at.anOrder(), 12_500);
        await tell();
        at.stripe.next('charge_disputed');
        await at.resolve(await idOf(at), 'refund_excess').catch(() => undefined);
      },
      ['overpaid open'],
    ));

  test('a dispute that opened and was lost before anybody looked waits for its decision', () =>
    atAnyPace(
      async (at) => {
        const payment = await at.paid(await at.anOrder(), 10_000);
        const known = { stripeDispute: 'dp_1', charge: 'ch_1', amount: 10_000, currency: 'usd' };
        const rest = { reason: 'fraudulent', dueBy: null, fundsMoved: 1 };
        for (const status of ['open', 'lost'] as const) {
          const fact = { ...known, ...rest, status };
          await at.tellPayment(payment, { type: 'RecordDispute', dispute: 'dispute_1', fact });
        }
      },
      ['dispute_opened resolved lost', 'dispute_lost open'],
    ));
});
