import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { dayOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';

export type InvoiceAddress = Readonly<{
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  country: string | null;
}>;

export type InvoiceLine = Readonly<{
  description: string;
  sku: string | null;
  quantity: string;
  unit_amount: number;
  amount: number;
  tax_amount: number;
}>;

/** All that an invoice says, in the shape that clients get it. Amounts in minor units of `currency`. */
export type InvoiceView = Readonly<{
  number: string;
  /** 1 for the first issue; each change of the order's terms issues another. */
  revision: number;
  issued_at: string;
  /** Calendar date. */
  due_date: string | null;
  store: Readonly<{ name: string }>;
  customer: Readonly<{ name: string; email: string | null; address: InvoiceAddress | null }>;
  order_number: string;
  currency: Currency;
  lines: readonly InvoiceLine[];
  shipping_amount: number;
  /** Σ line amounts; the total less shipping where there are no lines. */
  subtotal: number;
  tax: number;
  total: number;
  payments: readonly Readonly<{ date: string; description: string; amount: number }>[];
  refunds: readonly Readonly<{ date: string; amount: number }>[];
  /** Goods that came back. */
  credited: number;
  disputed: number;
  moved_to_credit: number;
  written_off: number;
  balance_due: number;
  status: 'unpaid' | 'partially_paid' | 'paid' | 'overpaid' | 'cancelled';
}>;

export type Tone = 'done' | 'open' | 'off';

/** An invoice as both documents show it: the same words in the same order. */
export type InvoiceText = Readonly<{
  title: string;
  store: string;
  standing: Readonly<{ text: string; tone: Tone }>;
  facts: readonly (readonly [name: string, value: string])[];
  billedTo: readonly string[];
  lines: readonly Readonly<{
    description: string;
    sku: string | null;
    quantity: string;
    unit: string;
    tax: string;
    amount: string;
  }>[];
  sums: readonly (readonly [name: string, value: string])[];
  /** What was paid, and given back. */
  payments: readonly (readonly [name: string, value: string])[];
  balance: readonly [name: string, value: string];
}>;

export function invoiceText(view: InvoiceView): InvoiceText {
  const { store, customer, currency, lines } = view;
  const money = (minor: number) => Money.format({ minor, currency });
  const { name, email, address } = customer;
  return {
    title: `Invoice ${oneLine(view.number)}`,
    store: oneLine(store.name),
    standing: standingOf(view),
    facts: [
      ['Order', oneLine(view.order_number)],
      ['Issued', dayOf(view.issued_at)],
      ...(view.due_date ? [['Due', dayOf(view.due_date)] as const] : []),
      ...(view.revision > 1 ? [['Revision', String(view.revision)] as const] : []),
    ],
    billedTo: [name, ...(address ? addressLines(address) : []), email ?? ''].map(oneLine).filter(Boolean),
    lines: lines.map((line) => ({
      description: oneLine(line.description),
      sku: line.sku && oneLine(line.sku),
      quantity: oneLine(line.quantity),
      unit: money(line.unit_amount),
      tax: money(line.tax_amount),
      amount: money(line.amount),
    })),
    sums: [
      ['Subtotal', money(view.subtotal)],
      ...(view.tax !== 0 ? [['Tax', money(view.tax)] as const] : []),
      ...(view.shipping_amount !== 0 ? [['Shipping', money(view.shipping_amount)] as const] : []),
      ['Total', money(view.total)],
    ],
    payments: movesOf(view, money),
    balance: ['Balance due', money(view.balance_due)],
  };
}

/** From the total to the balance due: what was paid, went back, and is no longer owed. */
function movesOf(view: InvoiceView, money: (minor: number) => string): InvoiceText['payments'] {
  const sums = [
    ['Taken by a dispute', view.disputed],
    ['Kept as credit', view.moved_to_credit],
    ['Credited for returns', -view.credited],
    ['Written off', -view.written_off],
  ] as const;
  return [
    ...view.payments.map(
      ({ date, description, amount }) => [`${oneLine(description)}, ${dayOf(date)}`, money(-amount)] as const,
    ),
    ...view.refunds.map(({ date, amount }) => [`Refund, ${dayOf(date)}`, money(amount)] as const),
    ...sums.flatMap(([name, minor]) => (minor === 0 ? [] : [[name, money(minor)] as const])),
  ];
}

function standingOf({ status, due_date }: InvoiceView): InvoiceText['standing'] {
  switch (status) {
    case 'paid':
    case 'overpaid':
      return { text: 'Paid', tone: 'done' };
    case 'cancelled':
      return { text: 'Cancelled', tone: 'off' };
    case 'partially_paid':
      return { text: 'Partly paid', tone: 'open' };
    case 'unpaid':
      return { text: due_date ? `Due ${dayOf(due_date)}` : 'To be paid', tone: 'open' };
  }
}

const countries = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

function addressLines({ line1, line2, city, state, postal_code, country }: InvoiceAddress): string[] {
  const place = [city, state, postal_code].filter(Boolean).join(' ');
  const isCode = country !== null && /^[A-Z]{2}$/i.test(country);
  return [line1, line2, place, isCode ? countries.of(country.toUpperCase()) : country].filter(
    (line) => line !== null && line !== undefined && line !== '',
  ) as string[];
}
