import { describe, test } from '@jest/globals';
import {
  applied,
  becomes,
  cancelled,
  cancelling,
  decided,
  disputed,
  dollars,
  opened,
  refunded,
  reinstated,
  released,
  reserve,
  reserved,
  resolved,
  total,
  unrefunded,
  withdrawn,
  writtenOff,
} from '../../../../test/support/an-order.js';
import { specification } from '../../../../test/support/specification.js';
import type { OrderEvent, RefundPolicy } from './order.events.js';
import { orderDecider } from './order.js';

const { given } = specification(orderDecider);
const cancel = (policy: RefundPolicy = 'none', reason: string | null = null) =>
  ({ type: 'CancelOrder', policy, reason }) as const;
const complete = { type: 'CompleteCancellation' } as const;
const keep = (amount: number | null = null) =>
  ({
    type: 'ResolveExcess',
    resolution: 'credit',
    amount: amount === null ? null : dollars(amount),
    reference: null,
  }) as const;
const paidInPart = [opened(), applied('pay_1', 3000)];
const paid = [opened(), applied('pay_1', 10_000)];
const policies = ['refund_all', 'keep_credit', 'none'] as const;

describe('cancelling an order that has no money', () => {
  test.each(policies)('with %s writes off what was due', (policy) =>
    given(opened()).when(cancel(policy)).then(cancelled(10_000, policy)),
  );
  test.each(policies)('with %s is the same twice', (policy) =>
    given(opened(), cancelled(10_000, policy)).when(cancel(policy)).thenNothing(),
  );
  test('cannot change its mind about the money', () =>
    given(opened(), cancelled(10_000)).when(cancel('refund_all')).refused('order_cancelled'));
  test.each(policies)('with %s waits for payments under way', (policy) =>
    given(opened(), reserved('pay_1', 3000))
      .when(cancel(policy))
      .refused('payment_in_flight', { payments: ['pay_1'], amount_reserved: 3000, currency: 'usd' }),
  );
  test('goes on once the payment under way has ended', () =>
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000)).when(cancel()).then(cancelled(10_000)));
  test('whose money a dispute took happens at once', () =>
    given(...paid, disputed('open'), withdrawn(10_000))
      .when(cancel('refund_all'))
      .then(cancelled(10_000, 'refund_all')));
  test('that gave away more than it had writes off that too', () =>
    given(...paid, disputed('lost'), withdrawn(10_000), refunded('refund_1', 1000, 0, 'reopen'))
      .when(cancel())
      .then(cancelled(11_000)));
  test('needs an order', () => given().when(cancel()).refused('not_found'));
});

describe('cancelling with none', () => {
  test('keeps the money for a reason, and what came is all that was owed', () =>
    given(...paidInPart)
      .when(cancel('none', 'Made to measure'))
      .then(cancelled(7000), becomes('partially_paid', 'paid', 0)));
  test('of a paid order writes nothing off', () =>
    given(...paid)
      .when(cancel('none', 'Made to measure'))
      .then(cancelled(0)));
  test.each([null, ''])('keeps no money for the reason %p', (reason) =>
    given(...paidInPart)
      .when(cancel('none', reason))
      .refused('validation_failed', { param: '/reason', amount_paid: 3000, currency: 'usd' }),
  );
  test('is the same twice, whatever the reason', () =>
    given(...paidInPart, cancelled(7000))
      .when(cancel())
      .thenNothing());
});

describe('cancelling with keep_credit', () => {
  test('makes all that was paid credit of the customer: nothing is due, paid or too much', () => {
    const step = given(...paidInPart).when(cancel('keep_credit'));
    step.then(
      cancelled(10_000, 'keep_credit'),
      resolved('credit', 3000),
      becomes('partially_paid', 'unpaid', 0),
    );
    step.thenState({ status: 'cancelled', cancelled: 'keep_credit' });
  });
  test('leaves a paid order paid: its customer has the credit for it', () =>
    given(...paid)
      .when(cancel('keep_credit'))
      .then(cancelled(10_000, 'keep_credit'), resolved('credit', 10_000)));
  test('takes an excess along', () =>
    given(opened(), applied('pay_1', 10_000, 500))
      .when(cancel('keep_credit'))
      .then(cancelled(10_000, 'keep_credit'), resolved('credit', 10_500), becomes('overpaid', 'paid', 0)));
  test('keeps only what a dispute has left', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(cancel('keep_credit'))
      .then(
        cancelled(10_000, 'keep_credit'),
        resolved('credit', 6000),
        becomes('partially_paid', 'unpaid', 0),
      ));
});

describe('cancelling with refund_all', () => {
  test('waits for the money to go back', () => {
    const step = given(...paidInPart).when(cancel('refund_all'));
    step.then(cancelling);
    step.thenState({ status: 'cancelling', cancelled: 'refund_all' });
  });
  test('is the same twice', () =>
    given(...paidInPart, cancelling)
      .when(cancel('refund_all'))
      .thenNothing());
  test.each(['none', 'keep_credit'] as const)('is not turned into %s', (policy) =>
    given(...paidInPart, cancelling)
      .when(cancel(policy, 'Changed my mind'))
      .refused('order_cancelled'),
  );
  const lost = [disputed('lost'), withdrawn(1000)];
  test.each<[string, OrderEvent[]]>([
    ['open', [disputed('open'), withdrawn(1000)]],
    ['open and has taken nothing yet', [disputed('open')]],
    ['lost and not decided', lost],
    ['lost and not decided, with its money to be taken', [disputed('lost')]],
    ['prevented and not decided', [disputed('prevented'), withdrawn(1000)]],
    ['won and has not given back', [disputed('won'), withdrawn(1000)]],
    ['decided, and took more', [disputed('lost'), withdrawn(900), decided('collect_again'), withdrawn(100)]],
    ['decided, and left a rest that no bank lets us refund', [...lost, decided('write_off', 1000)]],
  ])('is refused while a dispute is %s', (_, events) =>
    given(...paid, ...events)
      .when(cancel('refund_all'))
      .refused('payment_disputed', { disputes: ['dispute_1'] }),
  );
  test.each<[string, OrderEvent[]]>([
    ['won', [disputed('won'), withdrawn(1000), reinstated(1000)]],
    ['an inquiry', [disputed('inquiry')]],
    ['a closed inquiry', [disputed('closed')]],
    ['prevented', [disputed('prevented')]],
    [
      'decided, and took all of its payment',
      [applied('pay_2', 0, 1000), disputed('lost'), withdrawn(10_000), decided('collect_again')],
    ],
    [
      'decided, and took what was left of its payment',
      [
        applied('pay_2', 0, 1000),
        refunded('refund_1', 9000),
        disputed('lost'),
        withdrawn(1000),
        decided('collect_again'),
      ],
    ],
  ])('goes on where a dispute is %s', (_, events) =>
    given(...paid, ...events)
      .when(cancel('refund_all'))
      .then(cancelling),
  );
  test('names every dispute that stands in the way, and no other', () =>
    given(...paid, disputed('inquiry', 'dispute_0'), disputed('open'), disputed('lost', 'dispute_2'))
      .when(cancel('refund_all'))
      .refused('payment_disputed', { disputes: ['dispute_1', 'dispute_2'] }));
});

describe('an order that is being cancelled', () => {
  const going = [...paidInPart, cancelling];

  test.each([
    ['held', reserve('pay_2', null)],
    ['revised', { type: 'ReviseOrder', changes: total(5000) }],
    ['written off', { type: 'WriteOffBalance', amount: null, reference: null }],
    ['raised', { ...keep(), resolution: 'raise_total' }],
  ] as const)('is not %s any more', (what, command) =>
    given(...going, ...(what === 'raised' ? [applied('pay_2', 7000, 1)] : []))
      .when(command)
      .refused('order_cancelled'),
  );
  test('is not cancelled while money is left', () =>
    given(...going)
      .when(complete)
      .thenNothing());
  test('is not cancelled while a penny is left', () =>
    given(...going, refunded('refund_1', 2999))
      .when(complete)
      .thenNothing());
  test('is cancelled once all has gone back, and owes nothing', () =>
    given(...going, refunded('refund_1', 3000))
      .when(complete)
      .then(cancelled(7000, 'refund_all')));
  test('is cancelled also where a dispute took the rest', () =>
    given(...going, disputed('open'), withdrawn(3000))
      .when(complete)
      .then(cancelled(10_000, 'refund_all')));
  test('is cancelled once', () =>
    given(...going, refunded('refund_1', 3000), cancelled(7000, 'refund_all'))
      .when(complete)
      .thenNothing());
  test('is not cancelled by a refund that did not come about', () =>
    given(...going, refunded('refund_1', 3000), unrefunded('refund_1', 3000))
      .when(complete)
      .thenNothing());
});

describe('a cancellation that nobody asked for', () => {
  test('is not completed', () => given(opened()).when(complete).thenNothing());
  test('needs an order', () => given().when(complete).refused('not_found'));
});

describe('a refund of a cancellation that failed', () => {
  const going = [opened(), applied('pay_1', 3000), applied('pay_2', 7000), cancelling];

  test('is kept as credit, which ends the cancellation', () => {
    const step = given(...going, refunded('refund_1', 3000)).when(keep());
    step.then(writtenOff(7000), resolved('credit', 7000), cancelled(0, 'refund_all'));
    step.thenState({ status: 'cancelled' });
  });
  test('of an order paid in part writes off the rest as well', () =>
    given(...paidInPart, cancelling)
      .when(keep())
      .then(
        writtenOff(3000),
        resolved('credit', 3000),
        cancelled(7000, 'refund_all'),
        becomes('partially_paid', 'unpaid', 0),
      ));
  test('and of an overpaid order counts the excess first', () =>
    given(opened(), applied('pay_1', 10_000, 500), cancelling)
      .when(keep())
      .then(
        writtenOff(10_000),
        resolved('credit', 10_500),
        cancelled(0, 'refund_all'),
        becomes('overpaid', 'paid', 0),
      ));
  test('leaves the cancellation going on where other money is still to go back', () =>
    given(...going)
      .when(keep(30))
      .then(writtenOff(3000), resolved('credit', 3000)));
  test('that failed after the order was cancelled is kept as credit all the same', () =>
    given(...going, refunded('refund_1', 10_000), cancelled(0, 'refund_all'), unrefunded('refund_1', 10_000))
      .when(keep())
      .then(writtenOff(10_000), resolved('credit', 10_000)));
  test('is no credit where more went out than came', () =>
    given(
      ...paidInPart,
      cancelling,
      disputed('lost'),
      withdrawn(3000),
      refunded('refund_1', 100, 0, 'reopen'),
    )
      .when(keep())
      .thenNothing());
  test('cannot become more credit than is there', () =>
    given(...going, refunded('refund_1', 3000))
      .when(keep(70.01))
      .refused('validation_failed', { param: '/amount', overpaid: 7000, currency: 'usd' }));
});

describe('money on an order that was cancelled', () => {
  test('with keep_credit becomes credit', () =>
    given(opened(), cancelled(10_000, 'keep_credit'), applied('pay_1', 0, 3000))
      .when(keep())
      .then(resolved('credit', 3000), becomes('overpaid', 'unpaid', 0)));
  test('with none is kept where it was owed, and becomes credit where it is too much', () => {
    given(...paidInPart, cancelled(7000))
      .when(keep())
      .thenNothing();
    given(...paidInPart, cancelled(7000), applied('pay_2', 0, 500))
      .when(keep())
      .then(resolved('credit', 500), becomes('overpaid', 'paid', 0));
  });
});
