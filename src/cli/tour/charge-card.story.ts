import { randomUUID } from 'node:crypto';
import type { Stage } from './stage.js';

/** Story 1: a customer is charged a part of what they owe, then the rest, and the order is Paid. */
export async function chargeCardStory(stage: Stage): Promise<void> {
  const { store } = stage;
  const order = `TOUR-${Date.now()}-A`;
  stage.title('Charge Card');
  const made = await store.put(`/v1/orders/${order}`, {
    number: order,
    currency: 'usd',
    customer: { name: 'Ada Lovelace', email: 'ada@example.test' },
    lines: [
      {
        description: 'Desk lamp',
        sku: 'LMP-1',
        quantity: '2',
        unit_amount: 4000,
        amount: 8000,
        tax_amount: 1600,
      },
    ],
    shipping_amount: 400,
    total: 10000,
  });
  stage.tell(`Ada owes 100.00 USD on sales order ${order}.`);
  stage.expect('The order is imported', made.status, 201);

  const charge = (amount: number | undefined, payment_method: string) =>
    store.post(`/v1/orders/${order}/charges`, { amount, payment_method }, { key: randomUUID() });

  stage.tell('The merchant charges 100.01 USD, which is more than is due.');
  const tooMuch = await charge(10001, 'pm_card_visa');
  stage.expect('Refused before Stripe is asked', tooMuch.body.code, 'amount_exceeds_balance');

  stage.tell('The merchant charges 30.00 USD to a card that has no funds.');
  const declined = await charge(3000, 'pm_card_visa_chargeDeclinedInsufficientFunds');
  stage.expect('The card is declined', declined.body.decline_code, 'insufficient_funds');
  stage.tell(`The customer may be told: “${declined.body.customer_message}”`);

  stage.tell('The merchant charges 30.00 USD to another card.');
  const part = await charge(3000, 'pm_card_visa');
  stage.expect('The payment', part.body.status, 'captured');
  stage.tell(`It is ${part.body.id} here and ${part.body.stripe.payment_intent} at Stripe.`);
  const partly = await store.get(`/v1/orders/${order}`, position(part));
  stage.expect('The order', partly.body.payment_status, 'partially_paid');
  stage.expect('Still due', partly.body.balance_due, 7000);

  stage.tell('The merchant charges the rest.');
  const rest = await charge(undefined, 'pm_card_visa');
  stage.expect('The amount', rest.body.amount, 7000);
  const paid = await store.get(`/v1/orders/${order}`, position(rest));
  stage.expect('The order', paid.body.payment_status, 'paid');

  const { body: history } = await store.get(`/v1/orders/${order}/history`, position(rest));
  stage.tell('Its history says why, newest first:');
  for (const event of history.data) stage.tell(`  ${event.at.slice(11, 19)}  ${event.summary}`);
}

function position(reply: { headers: Headers }): Record<string, string> {
  return { 'quittance-position': reply.headers.get('quittance-position') ?? '' };
}
