import { describe, expect, test } from '@jest/globals';
import {
  applied,
  applyDispute,
  becomes,
  cancelled,
  cancelling,
  decided,
  disputed,
  opened,
  reinstated,
  reserved,
  sums,
  withdrawn,
} from '../../../../test/support/an-order.js';
import { specification } from '../../../../test/support/specification.js';
import { fold } from '../../../shared/domain/decider.js';
import { Money } from '../../../shared/domain/money.js';
import type { DisputeDecision, DisputeStatus, OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import type { ExistingOrder } from './order.state.js';

const { given } = specification(orderDecider);
const paid = [opened(), applied('pay_1', 10_000)];
const lost = [...paid, disputed('lost'), withdrawn(4000)];
const sumsOf = (...events: OrderEvent[]) => sums(fold(orderDecider, events) as ExistingOrder);
const decide = (decision: DisputeDecision) =>
  ({ type: 'DecideLostDispute', dispute: 'dispute_1', decision }) as const;

describe('a dispute', () => {
  test('is recorded with what it took, which is due again', () =>
    given(...paid)
      .when(applyDispute('open', 40))
      .then(disputed('open'), withdrawn(4000), becomes('paid', 'partially_paid', 4000)));
  test('that takes all makes the order unpaid', () =>
    given(...paid)
      .when(applyDispute('open', 100))
      .then(disputed('open'), withdrawn(10_000), becomes('paid', 'unpaid', 10_000)));
  test('that took nothing yet changes no money', () =>
    given(...paid)
      .when(applyDispute('inquiry', 0))
      .then(disputed('inquiry')));
  test('is recorded by its difference alone', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(applyDispute('open', 50))
      .then(withdrawn(1000)));
  test('that is as it was changes nothing', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(applyDispute('open', 40))
      .thenNothing());
  test('that is won gives back what it took', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(applyDispute('won', 0))
      .then(disputed('won'), reinstated(4000), becomes('partially_paid', 'paid', 0)));
  test('that is lost keeps it', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(applyDispute('lost', 40))
      .then(disputed('lost')));
  test('counts beside another', () =>
    given(...paid, disputed('open'), withdrawn(4000))
      .when(applyDispute('open', 10, 'dispute_2'))
      .then(disputed('open', 'dispute_2'), withdrawn(1000, 'dispute_2')));
  test('in another currency does not count', () =>
    given(...paid)
      .when({ ...applyDispute('open', 40), withdrawn: Money.of(4000, 'eur') } as never)
      .refused('currency_mismatch', { currency: 'usd' }));
  test('needs an order', () => given().when(applyDispute('open', 40)).refused('not_found'));

  test.each([
    ['inquiry', ['inquiry', 'open', 'won', 'lost', 'prevented', 'closed']],
    ['closed', ['open', 'won', 'lost', 'prevented', 'closed']],
    ['open', ['open', 'won', 'lost', 'prevented']],
    ['won', ['won', 'lost', 'prevented']],
    ['lost', ['won', 'lost', 'prevented']],
    ['prevented', ['won', 'lost', 'prevented']],
  ] as [DisputeStatus, DisputeStatus[]][])('that is %s may be %j next, and nothing else', (from, next) => {
    for (const status of ['inquiry', 'open', 'won', 'lost', 'prevented', 'closed'] as const) {
      const step = given(...paid, disputed(from), withdrawn(4000)).when(applyDispute(status, 40));
      if (next.includes(status) && status !== from) step.then(disputed(status));
      else step.thenNothing();
    }
  });
  test('is not moved by an older account of its money either', () =>
    given(...paid, disputed('won'))
      .when(applyDispute('open', 40))
      .thenNothing());
});

describe('money that a dispute holds', () => {
  test('is owed again, but not collected', () =>
    expect(sumsOf(...paid, disputed('open'), withdrawn(4000))).toMatchObject({
      balanceDue: 4000,
      contested: 4000,
      collectable: 0,
      available: 0,
    }));
  test('leaves the rest of the balance to be collected, less what is held', () =>
    expect(
      sumsOf(opened(), applied('pay_1', 3000), disputed('open'), withdrawn(3000), reserved('pay_2', 1000)),
    ).toMatchObject({ balanceDue: 10_000, collectable: 7000, available: 6000 }));
  test('is still not collected once the dispute is won, until it is back', () =>
    expect(sumsOf(...paid, disputed('won'), withdrawn(4000))).toMatchObject({
      contested: 4000,
      collectable: 0,
    }));
});

describe('a lost dispute', () => {
  test('is collected again where somebody says so', () => {
    given(...lost)
      .when(decide('collect_again'))
      .then(decided('collect_again'));
    expect(sumsOf(...lost, decided('collect_again'))).toMatchObject({ contested: 0, collectable: 4000 });
  });
  test('is written off where somebody says so', () => {
    given(...lost)
      .when(decide('write_off'))
      .then(decided('write_off', 4000), becomes('partially_paid', 'paid', 0));
    expect(sumsOf(...lost, decided('write_off', 4000))).toMatchObject({
      contested: 0,
      owed: 6000,
      balanceDue: 0,
    });
  });
  test('writes off no more than is due because of it', () =>
    given(opened(), applied('pay_1', 10_000, 1000), disputed('lost'), withdrawn(4000))
      .when(decide('write_off'))
      .then(decided('write_off', 3000), becomes('partially_paid', 'paid', 0)));
  test('leaves what another dispute holds to that', () =>
    given(...lost, disputed('open', 'dispute_2'), withdrawn(5000, 'dispute_2'))
      .when(decide('write_off'))
      .then(decided('write_off', 4000)));
  test('writes off nothing where another dispute took all that is due', () =>
    given(
      opened(),
      applied('pay_1', 10_000, 4000),
      disputed('lost'),
      withdrawn(4000),
      disputed('open', 'dispute_2'),
      withdrawn(5000, 'dispute_2'),
    )
      .when(decide('write_off'))
      .then(decided('write_off', 0)));
  test('that was prevented is decided about as well', () =>
    given(...paid, disputed('prevented'), withdrawn(4000))
      .when(decide('write_off'))
      .then(decided('write_off', 4000), becomes('partially_paid', 'paid', 0)));
  test.each(['collect_again', 'write_off'] as const)('is decided once: %s', (decision) =>
    given(...lost, decided(decision))
      .when(decide(decision))
      .thenNothing(),
  );
  test('is not decided otherwise later', () =>
    given(...lost, decided('collect_again'))
      .when(decide('write_off'))
      .refused('exception_resolved', { dispute: 'dispute_1', decision: 'collect_again' }));
  test.each(['inquiry', 'open', 'won', 'closed'] as const)('is not one that is %s', (status) =>
    given(...paid, disputed(status), withdrawn(4000))
      .when(decide('write_off'))
      .refused('payment_disputed', { dispute: 'dispute_1', status }),
  );
  test('must be known', () =>
    given(...paid)
      .when(decide('write_off'))
      .refused('not_found'));
  test.each([[cancelled(0)], [cancelling]])(
    'of a cancelled order is not collected, only written off',
    (end) => {
      given(...lost, end)
        .when(decide('collect_again'))
        .refused('order_cancelled');
      given(...lost, end)
        .when(decide('write_off'))
        .then(decided('write_off', 4000), becomes('partially_paid', 'paid', 0));
    },
  );
});

describe('a dispute that was decided about and goes on', () => {
  test('wants a new decision where it takes more', () => {
    expect(sumsOf(...lost, decided('collect_again'), withdrawn(1000))).toMatchObject({ contested: 5000 });
    given(...lost, decided('collect_again'), withdrawn(1000))
      .when(decide('write_off'))
      .then(decided('write_off', 5000), becomes('partially_paid', 'paid', 0));
  });
  test('and is won after all gives back what was written off with it', () => {
    const back = [...lost, decided('write_off', 4000), disputed('won'), reinstated(4000, 4000)];
    given(...lost, decided('write_off', 4000))
      .when(applyDispute('won', 0))
      .then(disputed('won'), reinstated(4000, 4000));
    expect(sumsOf(...back)).toMatchObject({ owed: 10_000, netPaid: 10_000, writtenOff: 0, contested: 0 });
  });
  test('gives back no more than was written off, and no more than came', () => {
    given(
      opened(),
      applied('pay_1', 10_000, 1000),
      disputed('lost'),
      withdrawn(4000),
      decided('write_off', 3000),
    )
      .when(applyDispute('won', 0))
      .then(disputed('won'), reinstated(4000, 3000), becomes('paid', 'overpaid', 0));
    given(...lost, decided('write_off', 4000))
      .when(applyDispute('won', 15))
      .then(disputed('won'), reinstated(2500, 2500));
  });
  test('gives it back once', () =>
    given(...lost, decided('write_off', 4000), disputed('won'), reinstated(2500, 2500))
      .when(applyDispute('won', 0))
      .then(reinstated(1500, 1500)));
  test.each([
    ['refund_all', 0],
    ['keep_credit', 0],
    ['none', 4000],
  ] as const)('on an order cancelled with %s writes %p back', (policy, written_back) =>
    given(...lost, decided('write_off', 4000), cancelled(0, policy))
      .when(applyDispute('won', 0))
      .then(
        disputed('won'),
        reinstated(4000, written_back),
        ...(written_back === 0 ? [becomes('paid', 'overpaid', 0)] : []),
      ),
  );
  test('and is lost again wants a new decision', () =>
    given(
      ...lost,
      decided('collect_again'),
      disputed('won'),
      reinstated(4000),
      disputed('lost'),
      withdrawn(4000),
    )
      .when(decide('write_off'))
      .then(decided('write_off', 4000), becomes('partially_paid', 'paid', 0)));
});
