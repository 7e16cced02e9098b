import { describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { Acknowledged } from './acknowledged.js';
import type { Findings } from './findings.js';
import { invariants } from './invariants.js';

const intent = {
  id: 'pi_1',
  amount_received: 700,
  metadata: { payment: 'pay_1', order_number: 'SO-1' },
} as unknown as Stripe.PaymentIntent;

const payment = {
  id: 'pay_1',
  object: 'payment',
  order: 'order_1',
  store: 'store_1',
  channel: 'card',
  status: 'captured',
  amount_captured: 700,
  amount_refunded: 200,
  stripe: { payment_intent: 'pi_1' },
};
const refund = {
  id: 'refund_1',
  object: 'refund',
  amount: 200,
  status: 'succeeded',
  stripe: { refund: 're_1' },
};
const link = { id: 'link_1', object: 'payment_link', status: 'active' };
const order = {
  id: 'order_1',
  total: 1000,
  amount_captured: 700,
  amount_refunded: 200,
  amount_disputed: 0,
  amount_credited: 200,
  amount_written_off: 0,
  amount_reserved: 0,
  amount_paid: 500,
  overpaid: 0,
};
const history = [
  { type: 'order.opened', data: { terms: { total: 1000 } } },
  { type: 'payment.reserved', data: { payment: 'pay_1', amount: 700 } },
  { type: 'payment.applied', data: { payment: 'pay_1', captured: 700 } },
  { type: 'refund.applied', data: { payment: 'pay_1', amount: 200, credited: 200 } },
];
const receipt = { messageId: '<mail_1>', subject: 'receipt', to: 'ada@example.test', payment: 'pay_1' };

type Parts = Readonly<{ [P in 'order' | 'payment' | 'refund' | 'link']?: Json }>;

/** An order that was paid once and refunded in part, with some of it otherwise. */
function findings(parts: Parts = {}, rest: Partial<Findings> = {}): Findings {
  const one = { ...payment, ...parts.payment };
  const back = { ...refund, ...parts.refund };
  const way = { ...link, ...parts.link };
  return {
    orders: new Map([['SO-1', { ...order, ...parts.order }]]),
    histories: new Map([['SO-1', history]]),
    transactions: new Map([['SO-1', [one, back, way]]]),
    payments: new Map([['pay_1', one]]),
    refunds: new Map([['refund_1', back]]),
    links: new Map([['link_1', way]]),
    exceptions: new Map(),
    captures: [{ store: 'store_1', intent }],
    refundsAtStripe: [{ id: 're_1', amount: 200, status: 'succeeded' } as Stripe.Refund],
    mails: [receipt, receipt],
    ...rest,
  };
}

function brokenBy(found: Findings, told = new Acknowledged()): readonly string[] {
  return invariants.filter(({ broken }) => broken(found, told).length > 0).map(({ name }) => name);
}

const lostMoney: Acknowledged = new Acknowledged();
lostMoney.note('pay_9 captured 700', ({ payments }) => payments.has('pay_9'));
const wentWrong = new Acknowledged();
wentWrong.surprise('charge was answered 500');
const second = { ...intent, id: 'pi_2' } as Stripe.PaymentIntent;
const twice = [
  { store: 'store_1', intent },
  { store: 'store_1', intent: second },
];

const planted: readonly (readonly [string, Findings, Acknowledged?])[] = [
  ['every capture at Stripe is on exactly one order once', findings({ payment: { amount_captured: 70 } })],
  ['every capture at Stripe is on exactly one order once', findings({ payment: { order: 'order_2' } })],
  ['every captured payment is a capture at Stripe', findings({}, { captures: [] })],
  ['no payment is captured twice', findings({}, { captures: twice })],
  ['no order has more than its total unless that is recorded', findings({ order: { total: 600 } })],
  ['nothing is held and no outcome is unknown', findings({ payment: { status: 'unknown' } })],
  ['nothing is held and no outcome is unknown', findings({ order: { amount_reserved: 1 } })],
  ['nothing is held and no outcome is unknown', findings({ link: { status: 'session_open' } })],
  [
    'every refund at Stripe is known once, and every one of ours is there',
    findings({}, { refundsAtStripe: [] }),
  ],
  [
    'every refund at Stripe is known once, and every one of ours is there',
    findings({ refund: { amount: 1 } }),
  ],
  ['an order is the sum of its transactions', findings({ order: { amount_captured: 800 } })],
  ['what was acknowledged is there', findings(), lostMoney],
  ['its history explains every order', findings({ order: { amount_paid: 501 } })],
  ['every capture has one receipt', findings({}, { mails: [] })],
  ['every capture has one receipt', findings({}, { mails: [receipt, { ...receipt, messageId: '<other>' }] })],
  ['no answer was one that must not be', findings(), wentWrong],
];

describe('the invariants of a soak', () => {
  test('hold where all is well', () => expect(brokenBy(findings())).toEqual([]));

  test('know that cash which was taken back has a receipt, and needs one', () => {
    const bounced = { channel: 'offline', status: 'voided', amount_captured: 0 };
    const receipts = (found: Findings) => brokenBy(found).includes('every capture has one receipt');
    expect(receipts(findings({ payment: bounced }))).toBe(false);
    expect(receipts(findings({ payment: bounced }, { mails: [] }))).toBe(true);
  });

  test.each(planted.map(([name, found, told = new Acknowledged()]) => [name, found, told] as const))(
    'say so where it is not so that %s',
    (name, found, told) => expect(brokenBy(found, told)).toContain(name),
  );

  test('are each seen to be broken here', () =>
    expect(new Set(planted.map(([name]) => name))).toEqual(new Set(invariants.map(({ name }) => name))));
});
