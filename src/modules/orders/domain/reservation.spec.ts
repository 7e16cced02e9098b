import { describe, expect, test } from '@jest/globals';
import {
  applied,
  dollars,
  opened,
  released,
  reserve,
  reserved,
  sums,
  total,
} from '../../../../test/support/an-order.js';
import { specification } from '../../../../test/support/specification.js';
import type { Currency } from '../../../shared/domain/currency.js';
import { fold } from '../../../shared/domain/decider.js';
import { Money } from '../../../shared/domain/money.js';
import { emptyLedger } from './amounts.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import { type ExistingOrder } from './order.state.js';
import { checkAmount } from './reservation.js';

const { given } = specification(orderDecider);

describe('holding part of the balance', () => {
  test('takes the amount asked for', () =>
    given(opened())
      .when(reserve('pay_1', dollars(30)))
      .then(reserved('pay_1', 3000)));
  test('takes all that is available when no amount is asked for', () =>
    given(opened(), reserved('pay_1', 3000)).when(reserve('pay_2', null)).then(reserved('pay_2', 7000)));
  test('keeps its channel', () =>
    given(opened())
      .when(reserve('pay_1', null, 'link'))
      .then(reserved('pay_1', 10_000, 'link')));
  test('is the same twice', () =>
    given(opened(), reserved('pay_1', 3000))
      .when(reserve('pay_1', dollars(30)))
      .thenNothing());
  test('is over once the money came', () =>
    given(opened(), reserved('pay_1', 3000), applied('pay_1', 3000))
      .when(reserve('pay_1', dollars(30)))
      .thenNothing());
  test('never begins anew for a payment that has ended', () =>
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000))
      .when(reserve('pay_1', dollars(30)))
      .refused('balance_reserved', { payment: 'pay_1' }));
  test('lowers what is available, not what is due', () => {
    const order = fold(orderDecider, [opened(), reserved('pay_1', 3000)]) as ExistingOrder;
    expect(sums(order)).toMatchObject({ balanceDue: 10_000, available: 7000, reserved: 3000 });
  });
});

describe('a hold is refused', () => {
  test('where the currency has no such amount', () => {
    const dinars = Money.of(12_340, 'kwd').currency;
    given(opened(total(12_340), dinars))
      .when(reserve('pay_1', { minor: 1001, currency: dinars }))
      .refused('validation_failed', { param: '/amount', multiple_of: 10 });
  });
  test('above the balance', () =>
    given(opened())
      .when(reserve('pay_1', dollars(100.01)))
      .refused('amount_exceeds_balance', {
        param: '/amount',
        amount: 10_001,
        balance_due: 10_000,
        available: 10_000,
        currency: 'usd',
      }));
  test('above what other payments leave', () =>
    given(opened(), reserved('pay_1', 3000))
      .when(reserve('pay_2', dollars(70.01)))
      .refused('balance_reserved', {
        param: '/amount',
        amount: 7001,
        available: 7000,
        amount_reserved: 3000,
        retryable: true,
      }));
  test('when all is held', () =>
    given(opened(), reserved('pay_1', 10_000)).when(reserve('pay_2', null)).refused('balance_reserved'));
  test('when nothing is due', () =>
    given(opened(), applied('pay_1', 10_000))
      .when(reserve('pay_2', null))
      .refused('order_settled', { balance_due: 0 }));
  test('in another currency', () =>
    given(opened())
      .when(reserve('pay_1', Money.of(100, 'eur')))
      .refused('currency_mismatch', { param: '/currency' }));
  test('on a cancelled order', () =>
    given(opened(), { type: 'OrderCancelled', data: { policy: 'none', written_off: 10_000 } })
      .when(reserve('pay_1', null))
      .refused('order_cancelled'));
  test('where there is no order', () => given().when(reserve('pay_1', null)).refused('not_found'));
  test.each([0, 0.01, 0.49])('below what Stripe charges: %p', (amount) =>
    given(opened())
      .when(reserve('pay_1', dollars(amount)))
      .refused('amount_below_minimum', { minimum: 50, param: '/amount' }),
  );
  test('where it would leave less than Stripe charges', () =>
    given(opened())
      .when(reserve('pay_1', dollars(99.51)))
      .refused('amount_leaves_unpayable_rest', { rest: 49, minimum: 50 }));
});

describe('the least amounts', () => {
  test('the minimum itself can be held', () =>
    given(opened())
      .when(reserve('pay_1', dollars(0.5)))
      .then(reserved('pay_1', 50)));
  test('the minimum may be left', () =>
    given(opened())
      .when(reserve('pay_1', dollars(99.5)))
      .then(reserved('pay_1', 9950)));
  test('a whole balance below the minimum cannot be charged', () =>
    given(opened(total(49)))
      .when(reserve('pay_1', null))
      .refused('amount_below_minimum', { minimum: 50 }));
  test('are those of the currency', () =>
    given(opened(total(400), 'gbp' as Currency))
      .when(reserve('pay_1', Money.of(371, 'gbp')))
      .refused('amount_leaves_unpayable_rest', { rest: 29, minimum: 30 }));
});

describe('releasing a hold', () => {
  const release = { type: 'ReleaseReservation', payment: 'pay_1', why: 'declined' } as const;

  test('frees exactly what was held', () =>
    given(opened(), reserved('pay_1', 3000)).when(release).then(released('pay_1', 3000)));
  test('happens once', () =>
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000)).when(release).thenNothing());
  test('of a payment that came changes nothing', () =>
    given(opened(), reserved('pay_1', 3000), applied('pay_1', 3000)).when(release).thenNothing());
  test('leaves nothing of it in the sums', () =>
    given(opened(), reserved('pay_1', 3000), reserved('pay_2', 2000))
      .when(release)
      .thenState({ ledger: { ...emptyLedger, total: 10_000, reserved: 2000 } }));
  test('leaves the holds of others', () => {
    const step = given(opened(), reserved('pay_1', 3000), reserved('pay_2', 2000)).when(release);
    step.thenState({
      reservations: new Map([['pay_2', { amount: 2000, channel: 'card', instruction: { method: 'pm_1' } }]]),
    });
  });
});

describe('an amount that a link asks for', () => {
  const order = (...more: OrderEvent[]) => fold(orderDecider, [opened(), ...more]) as ExistingOrder;

  test('may be what others hold: a link holds nothing until it is paid', () => {
    expect(checkAmount(order(reserved('pay_1', 10_000)), dollars(60))).toBe(6000);
    expect(checkAmount(order(reserved('pay_1', 3000)), null)).toBe(10_000);
  });
  test('is refused above the balance', () =>
    expect(() => checkAmount(order(applied('pay_1', 3000)), dollars(70.01))).toThrow(
      'amount_exceeds_balance',
    ));
  test('is refused where it leaves too little', () =>
    expect(() => checkAmount(order(), dollars(99.9))).toThrow('amount_leaves_unpayable_rest'));
});
