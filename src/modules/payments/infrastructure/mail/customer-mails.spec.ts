import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Currency } from '../../../../shared/domain/currency.js';
import { type PaymentLinkMailView, paymentLinkEmail } from './payment-link.email.js';
import { receiptEmail } from './receipt.email.js';
import { refundEmail } from './refund.email.js';

const [usd] = ['usd'].filter(Currency.is) as [Currency];
const url = 'https://pay.test/pay/4f8d2b7c';
const view: PaymentLinkMailView = {
  store_name: 'Lamps & Co',
  order_number: 'SO-1042',
  customer_name: 'Ada Lovelace',
  currency: usd,
  amount: 4000,
  total: 10_000,
  amount_paid: 3000,
  message: 'Thank you!',
  url,
  expires_at: '2026-12-31T00:00:00.000Z',
  invoice_number: 'INV-000017',
};

/** Every tag with its attributes; line breaks aside. */
const tagsOf = (html: string) => html.replaceAll('<br>', '').match(/<[^>]*>/g);
const addressesIn = (text: string) => new Set(text.match(/[a-z]+:\/\/[^\s"<>]+/gi));

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></tr></table><a href="https://evil.test">Pay here</a>',
  'Pay at https://evil.test/pay instead',
  'or at www.evil.test, evil.co.uk or pay@evil.test',
  'javascript:alert(1) data:text/html,x',
  '&lt;script&gt; &#60;b&#62; &amp;',
  '{{url}} <%= url %> %s',
  '\u202eknil siht esu\u202c \u0000\u0008\u001b[2J \u2066hidden\u2069 \ufeff\u200b',
  '<style>*{display:none}</style><!-- <base href="//evil.test">',
  'a\r\n\r\n\r\n\r\n\r\nb',
];

describe('the mail with a payment link', () => {
  test('says who asks, how much, for what, and until when', () => {
    const { fromName, subject, text } = paymentLinkEmail(view);
    expect(fromName).toBe('Lamps & Co');
    expect(subject).toBe('Lamps & Co: payment for order SO-1042, 40.00 USD');
    expect(text).toContain('Hello Ada Lovelace,');
    expect(text).toContain('Lamps & Co asks you to pay 40.00 USD of 100.00 USD for order SO-1042.');
    expect(text).toContain('Thank you!');
    expect(text).toContain(url);
    expect(text).toContain('until 31 December 2026, 00:00 UTC');
    expect(text).toContain('Invoice INV-000017 is attached.');
  });

  test('says the same as HTML, with the link as a button', () => {
    const { html } = paymentLinkEmail(view);
    expect(html).toMatch(/<a href="https:\/\/pay\.test\/pay\/4f8d2b7c"[^>]*>Pay 40\.00 USD<\/a>/);
    for (const says of ['Lamps &#38; Co', 'SO-1042', '100.00 USD', 'Thank you!', 'INV-000017']) {
      expect(html).toContain(says);
    }
  });

  test('loads nothing from anywhere and runs nothing', () =>
    expect(paymentLinkEmail(view).html).not.toMatch(/<(script|img|link|iframe|object|form)|url\(|@import/i));

  test('goes without a message, a name, an earlier payment and an invoice', () => {
    const { text, html } = paymentLinkEmail({
      ...view,
      message: null,
      customer_name: '',
      amount: 10_000,
      amount_paid: 0,
      invoice_number: null,
    });
    expect(text).toContain('Hello,\n');
    expect(text).toContain('pay 100.00 USD for order');
    expect(`${text}${html}`).not.toMatch(/attached|Paid so far|null|undefined/);
  });

  test.each(hostile)('takes an operator’s message as words: %j', (message) => {
    const plain = paymentLinkEmail(view);
    const { html, text, subject } = paymentLinkEmail({ ...view, message });
    expect(tagsOf(html)).toEqual(tagsOf(plain.html));
    expect(addressesIn(html)).toEqual(addressesIn(plain.html));
    expect(addressesIn(text)).toEqual(addressesIn(plain.text));
    expect(subject).toBe(plain.subject);
    expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
  });

  test.each(hostile)('takes names as words: %j', (name) => {
    const { html, subject, fromName, text } = paymentLinkEmail({
      ...view,
      customer_name: name,
      store_name: name,
    });
    expect(tagsOf(html)).toEqual(tagsOf(paymentLinkEmail(view).html));
    expect(addressesIn(text)).toEqual(new Set([url]));
    expect(`${subject}${fromName}`).not.toMatch(/\p{Cc}|[\u2028\u202e]/u);
  });

  test('takes any text at all as words', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (words) => {
        // A letter before it, so that there always are words.
        const { html } = paymentLinkEmail({ ...view, message: `a${words}`, customer_name: `a${words}` });
        expect(tagsOf(html)).toEqual(tagsOf(paymentLinkEmail(view).html));
      }),
    ));
});

describe('the receipt', () => {
  const paid = {
    store_name: 'Lamps & Co',
    order_number: 'SO-1042',
    customer_name: 'Ada Lovelace',
    currency: usd,
    amount: 4000,
    card: { brand: 'visa', last4: '4242' },
    paid_at: '2026-11-23T10:00:00.000Z',
    balance_due: 3000,
    payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
  };

  test('says what was paid, with which card, and what is left', () => {
    const { subject, text, html } = receiptEmail(paid);
    expect(subject).toBe('Lamps & Co: receipt for order SO-1042, 40.00 USD');
    for (const says of [
      '40.00 USD',
      'Visa ending 4242',
      '23 November 2026, 10:00 UTC',
      '30.00 USD of the order',
    ]) {
      expect(text).toContain(says);
      expect(html).toContain(says);
    }
    expect(html).not.toContain('href');
  });

  test('says that nothing is left', () =>
    expect(receiptEmail({ ...paid, balance_due: 0 }).text).toContain('The order is fully paid.'));

  test('goes without a card that nobody named', () =>
    expect(receiptEmail({ ...paid, card: null }).text).not.toContain('With:'));
});

describe('the mail of a refund', () => {
  const refund = {
    store_name: 'Lamps & Co',
    order_number: 'SO-1042',
    customer_name: 'Ada Lovelace',
    currency: usd,
    amount: 1000,
    card: { brand: 'visa', last4: '4242' },
    refund: 'refund_1',
  };
  test('says how much goes back, where to, for what, and when it is seen', () => {
    const { subject, text, html } = refundEmail(refund);
    expect(subject).toBe('Lamps & Co: refund for order SO-1042, 10.00 USD');
    expect(text).toContain('Hello Ada Lovelace,');
    expect(text).toContain('Lamps & Co has refunded 10.00 USD of what you paid for order SO-1042.');
    expect(text).toContain('Your bank shows it within five to ten days.');
    expect(text).toContain('To: Visa ending 4242');
    expect(text).toContain('Refund: refund_1');
    for (const says of ['10.00 USD', 'SO-1042', 'refund_1']) expect(html).toContain(says);
  });
  test('promises nothing of a bank where money is given back by hand', () => {
    const { text } = refundEmail({ ...refund, card: null, customer_name: '' });
    expect(text).toMatch(/^Hello,\n/);
    expect(text).not.toMatch(/bank|To:/);
  });
  test.each(hostile)('shows %j as words', (hostileText) => {
    const { html } = refundEmail({ ...refund, customer_name: hostileText, order_number: hostileText });
    expect(tagsOf(html)).toEqual(tagsOf(refundEmail(refund).html));
  });
});
