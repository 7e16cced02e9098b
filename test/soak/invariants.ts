import type { Json } from '../../src/cli/tour/quittance.client.js';
import type { Acknowledged } from './acknowledged.js';
import { type Findings, isA } from './findings.js';
import { refolded } from './refold.js';

/** What must be so when a run has come to rest. Each names what is not so. */
export type Invariant = Readonly<{
  name: string;
  broken: (found: Findings, told: Acknowledged) => readonly string[];
}>;

const UNDER_WAY = new Set(['processing', 'unknown', 'requires_action']);

export const invariants: readonly Invariant[] = [
  { name: 'every capture at Stripe is on exactly one order once', broken: capturesUncounted },
  { name: 'every captured payment is a capture at Stripe', broken: paymentsWithoutCapture },
  { name: 'no payment is captured twice', broken: capturedTwice },
  { name: 'no order has more than its total unless that is recorded', broken: unrecordedExcess },
  { name: 'nothing is held and no outcome is unknown', broken: unfinished },
  { name: 'every refund at Stripe is known once, and every one of ours is there', broken: refundsUnlike },
  { name: 'an order is the sum of its transactions', broken: wrongSums },
  { name: 'what was acknowledged is there', broken: (found, { all }) => lost(found, all) },
  { name: 'its history explains every order', broken: unexplained },
  { name: 'every capture has one receipt', broken: receipts },
  { name: 'no answer was one that must not be', broken: (_, { surprises }) => surprises },
];

function capturesUncounted({ captures, payments, orders }: Findings): string[] {
  return captures.flatMap(({ store, intent }) => {
    const payment = payments.get(String(intent.metadata['payment']));
    const order = orders.get(String(intent.metadata['order_number']));
    if (!payment || !order) return [`${intent.id} belongs to no payment`];
    const isRight = [
      payment.status === 'captured',
      payment.stripe.payment_intent === intent.id,
      payment.amount_captured === intent.amount_received,
      payment.order === order.id,
      payment.store === store,
    ].every(Boolean);
    return isRight ? [] : [`${intent.id} of ${intent.amount_received} and ${JSON.stringify(payment)}`];
  });
}

function paymentsWithoutCapture({ captures, payments }: Findings): string[] {
  const taken = new Set(captures.map(({ intent }) => intent.id));
  return [...payments.values()]
    .filter(({ channel, amount_captured }) => channel !== 'offline' && amount_captured > 0)
    .filter(({ stripe }) => !taken.has(stripe.payment_intent))
    .map(({ id }) => id);
}

function capturedTwice({ captures }: Findings): string[] {
  const counts = new Map<string, number>();
  for (const { intent } of captures) {
    const payment = String(intent.metadata['payment']);
    counts.set(payment, (counts.get(payment) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([payment]) => payment);
}

function unrecordedExcess({ orders }: Findings): string[] {
  return each(orders, ({ amount_paid, total, amount_written_off, amount_credited, overpaid }) => {
    const excess = amount_paid - Math.max(0, total - amount_written_off - amount_credited);
    return Math.max(0, excess) === overpaid ? undefined : `${excess} too much, ${overpaid} recorded`;
  });
}

function unfinished({ orders, payments, links }: Findings): string[] {
  const held = each(orders, ({ amount_reserved }) =>
    amount_reserved > 0 ? `holds ${amount_reserved}` : undefined,
  );
  const open = each(payments, ({ status }) => (UNDER_WAY.has(status) ? status : undefined));
  return [...held, ...open, ...each(links, ({ status }) => (status === 'session_open' ? status : undefined))];
}

const GIVEN_BACK = new Set(['pending', 'succeeded', 'requires_action']);

/** By the id that Stripe gave it; one that no longer stands counts for nothing on either side. */
function refundsUnlike({ refunds, refundsAtStripe }: Findings): string[] {
  const standing = ({ status }: Json) => GIVEN_BACK.has(status);
  const ours = [...refunds.values()].filter(({ stripe }) => stripe?.refund).filter(standing);
  const here = ours.map(({ stripe, amount }) => `${stripe.refund} of ${amount}`);
  const there = refundsAtStripe.filter(standing).map(({ id, amount }) => `${id} of ${amount}`);
  return [
    ...there.filter((one) => here.filter((other) => other === one).length !== 1),
    ...here.filter((one) => !there.includes(one)),
  ];
}

function wrongSums({ orders, transactions }: Findings): string[] {
  return each(orders, (order, id) => {
    const all = transactions.get(id) ?? [];
    const payments = all.filter(isA('payment'));
    const sum = (of: readonly Json[], field: string) => of.reduce((total, one) => total + one[field], 0);
    const refunds = all
      .filter(isA('refund'))
      .filter(({ status }) => ['pending', 'succeeded'].includes(status));
    const sums = {
      amount_captured: sum(payments, 'amount_captured'),
      amount_refunded: sum(payments, 'amount_refunded'),
    };
    const { amount_captured, amount_refunded } = order;
    const isRight =
      JSON.stringify(sums) === JSON.stringify({ amount_captured, amount_refunded }) &&
      sum(refunds, 'amount') === amount_refunded;
    return isRight
      ? undefined
      : `${JSON.stringify({ amount_captured, amount_refunded })}, not ${JSON.stringify(sums)}`;
  });
}

function lost(found: Findings, all: Acknowledged['all']): string[] {
  return all.filter(({ holds }) => !holds(found)).map(({ says }) => says);
}

function unexplained({ orders, histories }: Findings): string[] {
  return each(orders, (order, id) => {
    const told = refolded(histories.get(id) ?? []);
    const wrong = Object.entries(told).filter(([field, value]) => order[field] !== value);
    const says = wrong.map(([field, value]) => `${field} is ${order[field]}, its history says ${value}`);
    return says.length > 0 ? says.join('; ') : undefined;
  });
}

/** Mail goes out at least once, and always under the same Message-ID. Cash had come, also where it was taken back since. */
function receipts({ payments, mails }: Findings): string[] {
  const ids = new Map<string, Set<string>>();
  for (const { payment, messageId } of mails) {
    if (payment) ids.set(payment, (ids.get(payment) ?? new Set()).add(messageId));
  }
  const captured = [...payments.values()].filter(
    ({ amount_captured, channel }) => amount_captured > 0 || channel === 'offline',
  );
  const wrong = captured.filter(({ id }) => ids.get(id)?.size !== 1);
  const unasked = [...ids.keys()].filter((id) => !captured.some((payment) => payment.id === id));
  return [
    ...wrong.map(({ id }) => `${id} has ${ids.get(id)?.size ?? 0} receipts`),
    ...unasked.map((id) => `${id} has a receipt and no money`),
  ];
}

function each(
  things: ReadonlyMap<string, Json>,
  broken: (thing: Json, id: string) => string | undefined,
): string[] {
  return [...things].flatMap(([id, thing]) => {
    const why = broken(thing, id);
    return why === undefined ? [] : [`${id}: ${why}`];
  });
}
