import { describe, expect, test } from '@jest/globals';
import { Currency } from '../../../../shared/domain/currency.js';
import { invoiceHtml } from './invoice.html.js';
import { type InvoiceView, invoiceText } from './invoice.js';
import { invoicePdf } from './invoice.pdf.js';

const [usd, jpy] = ['usd', 'jpy'].filter(Currency.is) as [Currency, Currency];

const lamp = {
  description: 'Desk lamp',
  sku: 'LMP-1',
  quantity: '2',
  unit_amount: 4000,
  amount: 8000,
  tax_amount: 1600,
};
const invoice: InvoiceView = {
  number: 'INV-000017',
  revision: 1,
  issued_at: '2026-11-23T10:00:00.000Z',
  due_date: '2026-12-24',
  store: { name: 'Lamps & Co' },
  customer: {
    name: 'Ada Lovelace',
    email: 'ada@example.test',
    address: {
      line1: "12 St James's Sq",
      line2: null,
      city: 'London',
      state: null,
      postal_code: 'SW1Y 4JH',
      country: 'GB',
    },
  },
  order_number: 'SO-1042',
  currency: usd,
  lines: [lamp],
  shipping_amount: 400,
  subtotal: 8000,
  tax: 1600,
  total: 10_000,
  payments: [],
  refunds: [],
  credited: 0,
  disputed: 0,
  moved_to_credit: 0,
  written_off: 0,
  balance_due: 10_000,
  status: 'unpaid',
};

/** The elements of the reading order, in their order. */
function tagsOf(pdf: Buffer): string[] {
  return [...pdf.toString('latin1').matchAll(/\/S \/(\w+)/g)].map(([, tag]) => tag ?? '');
}
const pagesOf = (pdf: Buffer) => (pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;

describe('an invoice', () => {
  test('says who owes what to whom, and until when', () => {
    const text = invoiceText(invoice);
    expect(text.standing.text).toBe('Due 24 December 2026');
    expect(text.billedTo).toEqual([
      'Ada Lovelace',
      "12 St James's Sq",
      'London SW1Y 4JH',
      'United Kingdom',
      'ada@example.test',
    ]);
    expect(text.sums).toEqual([
      ['Subtotal', '80.00 USD'],
      ['Tax', '16.00 USD'],
      ['Shipping', '4.00 USD'],
      ['Total', '100.00 USD'],
    ]);
    expect(text.balance).toEqual(['Balance due', '100.00 USD']);
  });

  test('lists what was paid and given back', () => {
    const payments = [{ date: '2026-11-24T09:00:00.000Z', description: 'Visa ending 4242', amount: 3000 }];
    const refunds = [{ date: '2026-11-25T09:00:00.000Z', amount: 1000 }];
    const sums = { credited: 900, disputed: 800, moved_to_credit: 700, written_off: 600 };
    expect(invoiceText({ ...invoice, payments, refunds, ...sums }).payments).toEqual([
      ['Visa ending 4242, 24 November 2026', '-30.00 USD'],
      ['Refund, 25 November 2026', '10.00 USD'],
      ['Taken by a dispute', '8.00 USD'],
      ['Kept as credit', '7.00 USD'],
      ['Credited for returns', '-9.00 USD'],
      ['Written off', '-6.00 USD'],
    ]);
  });

  test.each([
    ['paid', 'Paid'],
    ['overpaid', 'Paid'],
    ['partially_paid', 'Partly paid'],
    ['cancelled', 'Cancelled'],
  ] as const)('that is %s says %s', (status, says) =>
    expect(invoiceText({ ...invoice, status }).standing.text).toBe(says),
  );

  test('writes amounts as the currency does', () =>
    expect(invoiceText({ ...invoice, currency: jpy }).balance[1]).toBe('10000 JPY'));

  test('takes a country that is no code as it is', () => {
    const address = {
      line1: null,
      line2: null,
      city: null,
      state: null,
      postal_code: null,
      country: 'Narnia',
    };
    const customer = { name: 'Lucy', email: null, address };
    expect(invoiceText({ ...invoice, customer }).billedTo).toEqual(['Lucy', 'Narnia']);
  });
});

describe('an invoice as a PDF', () => {
  test('is the same bytes for the same view', async () =>
    expect((await invoicePdf(invoice)).equals(await invoicePdf(structuredClone(invoice)))).toBe(true));

  test('can be read aloud: a title, headings, and tables with headings', async () => {
    const pdf = await invoicePdf(invoice);
    const text = pdf.toString('latin1');
    expect(text).toMatch(/\/Marked true/);
    expect(text).toMatch(/\/DisplayDocTitle true/);
    expect(text).toMatch(/\/Lang \(/);
    expect(text).toMatch(/pdfuaid:part>1</);
    const tags = tagsOf(pdf);
    expect(tags.filter((tag) => tag === 'H1')).toHaveLength(1);
    expect(text.match(/\/Scope \/Column/g)).toHaveLength(5);
  });

  test('goes over as many pages as it needs', async () => {
    const lines = Array.from({ length: 400 }, (_, at) => ({ ...lamp, sku: `LMP-${at}` }));
    const pdf = await invoicePdf({ ...invoice, lines });
    expect(pagesOf(pdf)).toBeGreaterThan(10);
    expect(tagsOf(pdf).filter((tag) => tag === 'TR').length).toBeGreaterThan(400);
    expect(pagesOf(await invoicePdf(invoice))).toBe(1);
  });

  test('holds one description that is longer than it should be, and none at all', async () => {
    const long = { ...lamp, description: 'Lamp '.repeat(100).trim() };
    expect(pagesOf(await invoicePdf({ ...invoice, lines: [long] }))).toBe(1);
    expect(pagesOf(await invoicePdf({ ...invoice, lines: [] }))).toBe(1);
  });

  test('is made in scripts of many places, and of none that it knows', async () => {
    const description = 'Żarówka, Λάμπα, Лампа, Đèn bàn, लैंप, 灯, مصباح 💡';
    const pdf = await invoicePdf({ ...invoice, lines: [{ ...lamp, description }] });
    expect(pagesOf(pdf)).toBe(1);
  });
});

describe('an invoice as a page', () => {
  test('shows what anybody wrote as text', () => {
    const { html } = invoiceHtml({ ...invoice, store: { name: '<script>alert(1)</script>' } });
    expect(html).not.toContain('<script');
    expect(html).toContain('&#60;script&#62;');
  });

  test('allows its own style and nothing else', () => {
    const { headers, html } = invoiceHtml(invoice);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(html).not.toMatch(/<script|<link|\sstyle=|\ssrc=|https?:/);
  });

  test('says the same as the PDF', () => {
    const { html } = invoiceHtml(invoice);
    for (const says of ['Invoice INV-000017', 'Lamps &#38; Co', 'Desk lamp', '100.00 USD']) {
      expect(html).toContain(says);
    }
  });
});
