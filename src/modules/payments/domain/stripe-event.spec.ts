import { describe, expect, test } from '@jest/globals';
import { specification } from '../../../../test/support/specification.js';
import { type StripeEventEvent, type StripeNotice, stripeEventDecider } from './stripe-event.js';

const { given } = specification(stripeEventDecider);

const notice: StripeNotice = {
  store: 'store_1',
  event: 'evt_1',
  type: 'payment_intent.succeeded',
  created: 1_795_000_000,
  api_version: null,
  livemode: false,
  account: null,
  object: {
    id: 'pi_1',
    object: 'payment_intent',
    payment_intent: 'pi_1',
    payment: 'pay_1',
    store: 'store_1',
  },
};
const received: StripeEventEvent = { type: 'StripeEventReceived', data: notice };
const applied: StripeEventEvent = { type: 'StripeEventApplied', data: { to: 'pay_1' } };
const ignored: StripeEventEvent = { type: 'StripeEventIgnored', data: { why: 'foreign' } };

const receive = { type: 'ReceiveEvent', notice } as const;
const apply = { type: 'RecordApplied', to: 'pay_1' } as const;
const ignore = { type: 'IgnoreEvent', why: 'foreign' } as const;

describe('an event of Stripe’s', () => {
  test('is kept when it comes', () => given().when(receive).then(received));
  test.each([
    ['waiting', [received]],
    ['applied', [received, applied]],
    ['ignored', [received, ignored]],
  ])('is kept once, also where the first is %s', (_, history) =>
    given(...history)
      .when(receive)
      .thenNothing(),
  );
  test('is applied to what it is about', () => given(received).when(apply).then(applied));
  test('may be about nothing of ours', () => given(received).when(ignore).then(ignored));
  test.each([
    ['applied', applied],
    ['ignored', ignored],
  ])('is done with once it is %s', (_, end) => {
    given(received, end).when(apply).thenNothing();
    given(received, end).when(ignore).thenNothing();
    given(received, end).thenState({ status: 'handled' });
  });
  test('does nothing that nobody has heard of', () =>
    expect(() =>
      stripeEventDecider.decide({ type: 'NeverHeardOf' } as never, { status: 'received' }),
    ).toThrow('unanswered case'));
  test('waits until it is done with', () => given(received).thenState({ status: 'received' }));
});
