import type Stripe from 'stripe';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { stripeAccount } from '../support/stripe-account.js';
import type { SoakStore } from './order-life.js';

export type FoundMail = Readonly<{
  messageId: string;
  subject: string;
  to: string;
  payment: string | undefined;
}>;

/** Everything at the end of a run, as it is seen from outside. Orders are found by the caller's own id. */
export type Findings = Readonly<{
  orders: ReadonlyMap<string, Json>;
  histories: ReadonlyMap<string, readonly Json[]>;
  transactions: ReadonlyMap<string, readonly Json[]>;
  payments: ReadonlyMap<string, Json>;
  links: ReadonlyMap<string, Json>;
  exceptions: ReadonlyMap<string, Json>;
  /** Intents at Stripe whose money was taken, with the store whose account it is. */
  captures: readonly Readonly<{ store: string; intent: Stripe.PaymentIntent }>[];
  refunds: ReadonlyMap<string, Json>;
  refundsAtStripe: readonly Stripe.Refund[];
  mails: readonly FoundMail[];
}>;

export async function findAll(
  stores: readonly SoakStore[],
  orderIds: ReadonlyMap<string, SoakStore>,
  at: Readonly<{ stripeUrl: string; inboxUrl: string }>,
): Promise<Findings> {
  const orders = new Map<string, Json>();
  const histories = new Map<string, readonly Json[]>();
  const transactions = new Map<string, readonly Json[]>();
  for (const [id, { clerk }] of orderIds) {
    const order = await clerk.read(`/v1/orders/${id}`);
    if (!order) continue;
    orders.set(id, order);
    histories.set(id, (await clerk.all(`/v1/orders/${id}/history`)).reverse());
    transactions.set(id, await clerk.all(`/v1/orders/${id}/transactions`));
  }
  const told = [...transactions.values()].flat();
  const payments = new Map(told.filter(isA('payment')).map((each) => [each.id, each]));
  const links = new Map(told.filter(isA('payment_link')).map((each) => [each.id, each]));
  const captures: { store: string; intent: Stripe.PaymentIntent }[] = [];
  const refunds = new Map(told.filter(isA('refund')).map((each) => [each.id, each]));
  const refundsAtStripe: Stripe.Refund[] = [];
  for (const { id: store, secretKey } of stores) {
    const stripe = stripeAccount(at.stripeUrl, secretKey);
    for await (const intent of stripe.paymentIntents.list({ limit: 100 }))
      if (intent.status === 'succeeded') captures.push({ store, intent });
    for await (const refund of stripe.refunds.list({ limit: 100 })) refundsAtStripe.push(refund);
  }
  const listed = await Promise.all(stores.map(({ clerk }) => clerk.all('/v1/exceptions')));
  const exceptions = new Map(listed.flat().map((each) => [each.id, each]));
  const mails = await foundMails(at.inboxUrl);
  return {
    orders,
    histories,
    transactions,
    payments,
    links,
    exceptions,
    captures,
    refunds,
    refundsAtStripe,
    mails,
  };
}

export async function foundMails(inboxUrl: string): Promise<readonly FoundMail[]> {
  const summaries = await jsonAt(`${inboxUrl}/api/messages`);
  const mails: FoundMail[] = [];
  for (const { id, message_id, subject, to } of summaries) {
    const { text } = await jsonAt(`${inboxUrl}/api/messages/${id}`);
    const payment = /^Receipt: (pay_[0-9a-f]{32})/m.exec(text ?? '')?.[1];
    mails.push({ messageId: message_id, subject, to: to[0]?.address, payment });
  }
  return mails;
}

export const isA =
  (object: string) =>
  (each: Json): boolean =>
    each.object === object;

async function jsonAt(url: string): Promise<Json> {
  return (await fetch(url)).json();
}
