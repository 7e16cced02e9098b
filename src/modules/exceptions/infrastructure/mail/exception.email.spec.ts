import { describe, expect, test } from '@jest/globals';
import { type ExceptionMailView, exceptionEmail } from './exception.email.js';

const view: ExceptionMailView = {
  id: 'exc_0193527c1b2e5c4f9d1a5b6c7d8e9f06',
  kind: 'overpaid',
  store_name: 'Lamps & Co',
  order_number: 'SO-1042',
  explanation: 'Order SO-1042 was paid 25.00 USD too much: 125.00 USD came, and 100.00 USD is owed.',
  amount: 2500,
  currency: 'usd',
  payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
  refund: null,
  dispute: null,
  actions: ['refund_excess', 'keep_as_credit', 'raise_total'],
};

const tagsOf = (html: string) => html.match(/<[^>]*>/g);

describe('the notice of an exception', () => {
  test('says what happened, how much it is about, and what can be done', () => {
    const { fromName, subject, text, html } = exceptionEmail(view);
    expect(fromName).toBe('Quittance');
    expect(subject).toBe('Lamps & Co: Overpaid: order SO-1042');
    for (const says of [
      'was paid 25.00 USD too much',
      'What can be done: refund the excess, or keep it as the customer’s credit, or raise the total of the order.',
      view.payment,
      view.id,
    ]) {
      expect(text).toContain(says);
      expect(html).toContain(says);
    }
    expect(text).toContain('Too much: 25.00 USD');
  });

  test('has words of its own for each kind', () => {
    const kinds = [
      'overpaid',
      'late_payment',
      'capture_mismatch',
      'refund_failed',
      'dispute_opened',
      'dispute_lost',
      'outcome_unknown',
      'mail_undelivered',
      'reconciliation_difference',
    ] as const;
    const subjects = kinds.map((kind) => exceptionEmail({ ...view, kind }).subject);
    expect(new Set(subjects).size).toBe(kinds.length);
    expect(exceptionEmail({ ...view, kind: 'dispute_opened' }).text).toContain('Stripe dashboard');
  });

  test('goes without an order, an amount and an action', () => {
    const bare = { ...view, order_number: null, amount: null, currency: null, payment: null, actions: [] };
    const { text, html, subject } = exceptionEmail({ ...bare, kind: 'reconciliation_difference' });
    expect(subject).toBe('Lamps & Co: The books differ from Stripe’s');
    expect(`${text}${html}`).not.toMatch(/null|undefined|What can be done/);
  });

  test.each(['<script>alert(1)</script>', '"><img src=x>', 'a\r\nBcc: eve@evil.test'])(
    'takes names and explanations as words: %j',
    (words) => {
      const plain = exceptionEmail(view);
      const told = exceptionEmail({ ...view, store_name: words, order_number: words, explanation: words });
      expect(tagsOf(told.html)).toEqual(tagsOf(plain.html));
      expect(told.subject).not.toMatch(/\p{Cc}/u);
    },
  );
});
