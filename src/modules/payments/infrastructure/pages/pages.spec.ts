import { describe, expect, test } from '@jest/globals';
import { Currency } from '../../../../shared/domain/currency.js';
import { closedPage, notFoundPage } from './closed.pages.js';
import type { Page } from './page.js';
import { alreadyPaidPage, paidPage } from './paid.page.js';
import { payPage } from './pay.page.js';
import { busyPage, processingPage, unavailablePage } from './waiting.pages.js';

const [usd] = ['usd'].filter(Currency.is) as [Currency];
const order = { store_name: 'Lamps & Co', livemode: true, order_number: 'SO-1042' };
const asked = {
  ...order,
  currency: usd,
  amount: 4000,
  lines: [{ description: 'Desk lamp', quantity: '2', amount: 8000, tax_amount: 1600 }],
  shipping_amount: 400,
  total: 10_000,
  amount_paid: 3000,
  message: 'Thank you!',
  expires_at: '2026-12-31T00:00:00.000Z',
  invoice_number: 'INV-000017',
  notice: null,
  leads_to: 'http://127.0.0.1:3001',
};
const paid = {
  ...order,
  currency: usd,
  amount: 4000,
  paid_at: '2026-11-23T10:00:00.000Z',
  card: { brand: 'visa', last4: '4242' },
  balance_due: 6000,
  payment: 'pay_1',
};
const closed = { ...order, expires_at: '2026-12-31T00:00:00.000Z' };
const whys = ['expired', 'revoked', 'superseded', 'cancelled'] as const;

const pages: Record<string, Page> = {
  pay: payPage(asked),
  processing: processingPage({ ...order, currency: usd, amount: 4000 }),
  paid: paidPage(paid),
  'already paid': alreadyPaidPage(paid),
  busy: busyPage(order),
  unavailable: unavailablePage(order),
  ...Object.fromEntries(whys.map((why) => [why, closedPage({ ...closed, why })])),
  'not found': notFoundPage(),
};

describe.each(Object.entries(pages))('the page: %s', (_, { headers, html }) => {
  test('is kept by nobody, found by nobody, framed by nobody, and tells nobody where it is', () => {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
  test('runs nothing, loads nothing, and has no style but its own', () => {
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/,
    );
    expect(html).not.toMatch(/<script|\son\w+=|\sstyle=|\ssrc=|@import|url\(/i);
  });
  test('has one heading, a title, a language and a main part', () => {
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toMatch(/<html lang="en">/);
    expect(html).toMatch(/<title>[^<]{5,}<\/title>/);
    expect(html.match(/<main>/g)).toHaveLength(1);
  });
});

describe('the page to pay on', () => {
  test('has one button, which says what it takes', () => {
    const { html } = payPage(asked);
    expect(html.match(/<(button|input|select|textarea)/g)).toHaveLength(1);
    expect(html).toContain('<form method="post"><button>Pay 40.00 USD</button></form>');
  });
  test('shows what it is for', () => {
    const { html } = payPage(asked);
    for (const says of ['SO-1042', 'Desk lamp', '× 2', 'A part of 100.00 USD; 30.00 USD is paid already.']) {
      expect(html).toContain(says);
    }
    expect(html).toContain('<time datetime="2026-12-31T00:00:00.000Z">31 December 2026, 00:00 UTC</time>');
  });
  test('says what happened at the last try', () =>
    expect(payPage({ ...asked, notice: 'Your card was declined.' }).html).toContain(
      '<p class="notice" role="alert">Your card was declined.</p>',
    ));
  test('lets its form lead to the payment page, as browsers ask for', () =>
    expect(payPage(asked).headers['content-security-policy']).toContain(
      "form-action 'self' https: http://127.0.0.1:3001;",
    ));
  test('shows what anybody wrote as text', () => {
    const evil = '</blockquote><script>alert(1)</script>';
    const { html } = payPage({
      ...asked,
      store_name: evil,
      order_number: evil,
      message: evil,
      notice: evil,
      invoice_number: evil,
      lines: [{ description: evil, quantity: evil, amount: 1, tax_amount: 0 }],
    });
    expect(html).not.toContain('<script');
    expect(html.match(/<\/blockquote>/g)).toHaveLength(1);
  });
  test('says in test mode that it is', () => {
    expect(payPage({ ...asked, livemode: false }).html).toContain('Test mode');
    expect(payPage(asked).html).not.toContain('Test mode');
  });
});

describe('the other pages', () => {
  test('answer with what the link is by now', () =>
    expect(Object.entries(pages).map(([name, { status }]) => [name, status])).toEqual([
      ['pay', 200],
      ['processing', 200],
      ['paid', 200],
      ['already paid', 200],
      ['busy', 409],
      ['unavailable', 503],
      ['expired', 410],
      ['revoked', 410],
      ['superseded', 410],
      ['cancelled', 410],
      ['not found', 404],
    ]));
  test('have nothing to pay with', () => {
    const { pay, ...others } = pages;
    expect(pay?.html).toContain('<form');
    for (const { html, headers } of Object.values(others)) {
      expect(html).not.toContain('<form');
      expect(headers['content-security-policy']).toContain("form-action 'none'");
    }
  });
  test('look again by themselves while something is under way', () => {
    const refreshing = Object.keys(pages).filter((name) =>
      pages[name]?.html.includes('http-equiv="refresh"'),
    );
    expect(refreshing).toEqual(['processing', 'busy']);
  });
  test('show a receipt', () => {
    for (const says of [
      '40.00 USD',
      'Visa ending 4242',
      '23 November 2026, 10:00 UTC',
      '60.00 USD',
      'pay_1',
    ]) {
      expect(pages['paid']?.html).toContain(says);
      expect(pages['already paid']?.html).toContain(says);
    }
  });
  test('tell nobody whose link it might have been', () => expect(notFoundPage().html).not.toContain('Lamps'));
});
