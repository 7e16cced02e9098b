import { z } from 'zod';
import { LARGEST_AMOUNT } from '../../../../shared/domain/currency.js';
import { listQuery, wholeNumber } from '../../../../shared/infrastructure/http/list-query.js';
import {
  lines,
  mailAddress,
  metadata,
  oneLine,
  whyText,
} from '../../../../shared/infrastructure/http/texts.js';

const amount = z.int().min(-LARGEST_AMOUNT).max(LARGEST_AMOUNT);
const due = z.int().min(0).max(LARGEST_AMOUNT);

const address = z.strictObject({
  line1: oneLine(200).nullish().transform(orNull),
  line2: oneLine(200).nullish().transform(orNull),
  city: oneLine(100).nullish().transform(orNull),
  state: oneLine(100).nullish().transform(orNull),
  postal_code: oneLine(20).nullish().transform(orNull),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'Must be an ISO 3166 code of two letters')
    .nullish()
    .transform(orNull),
});

const customer = z.strictObject({
  external_id: oneLine(100)
    .regex(/^(?!cust_)/, 'Must not begin with cust_')
    .nullish()
    .transform(orNull),
  name: oneLine(200),
  email: mailAddress.nullish().transform(orNull),
  phone: oneLine(40).nullish().transform(orNull),
  address: address.nullish().transform(orNull),
});

const line = z.strictObject({
  description: lines(500),
  sku: oneLine(100).nullish().transform(orNull),
  quantity: z
    .string()
    .regex(/^-?\d{1,12}(\.\d{1,6})?$/, 'Must be a decimal number in text')
    .default('1'),
  unit_amount: amount.describe('Negative for a discount.'),
  amount: amount.describe('Before tax.'),
  tax_amount: amount.default(0),
});

const orderLines = z.array(line).max(500);

/** The caller's own id, in an address that makes the order. Clients take `.` and `..` out of an address. */
export const NewReference = z
  .string()
  .regex(
    /^(?!order_|\.{1,2}$)[A-Za-z0-9._~-]{1,64}$/,
    'Must be 1 to 64 of A–Z a–z 0–9 . _ ~ - not begin with order_, and not be dots only',
  )
  .meta({ 'x-makes': true, examples: ['SO-1042'] });

/** Our id, or the caller's own. */
export const Reference = z
  .string()
  .regex(/^[A-Za-z0-9._~-]{1,64}$/)
  .meta({ examples: ['SO-1042'] });

export const ImportOrderBody = z
  .strictObject({
    number: oneLine(64).optional().describe('As people know the order; the id, where left out.'),
    currency: z.string().max(10).describe('Lower-case ISO 4217 code.'),
    customer,
    lines: orderLines.default([]),
    shipping_amount: due.default(0),
    total: due.optional().describe('Σ amount + Σ tax_amount + shipping_amount. Left out: that sum.'),
    due_date: z.iso.date().nullish().transform(orNull),
    metadata: metadata.default({}),
  })
  .refine(({ total, lines }) => total !== undefined || lines.length > 0, {
    path: ['total'],
    message: 'Without lines there must be a total',
  })
  .meta({
    id: 'ImportOrder',
    examples: [
      {
        number: 'SO-1042',
        currency: 'usd',
        customer: {
          external_id: 'c-7',
          name: 'Ada Lovelace',
          email: 'ada@example.test',
          phone: null,
          address: {
            line1: "12 St James's Sq",
            line2: null,
            city: 'London',
            state: null,
            postal_code: 'SW1Y 4JH',
            country: 'GB',
          },
        },
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
        total: 10_000,
        due_date: '2026-12-24',
        metadata: {},
      },
    ],
  });

const reason = whyText(500).optional().describe('Why, for the history.');

export const ReviseOrderBody = z
  .strictObject({
    lines: orderLines.optional(),
    total: due.optional().describe('Left out with new lines: what they and the shipping come to.'),
    due_date: z.iso.date().optional(),
    customer: customer.optional(),
    metadata: metadata.optional(),
    reason,
  })
  .meta({ id: 'ReviseOrder', examples: [{ total: 9000, lines: [], reason: 'Agreed on the phone' }] });

export const CancelOrderBody = z
  .strictObject({
    refund_policy: z
      .enum(['refund_all', 'keep_credit', 'none'])
      .describe(
        'What happens to money that the order already has: it is refunded first, becomes credit of the customer, or is kept.',
      ),
    reason: reason.describe('Why, for the history. Needed where money is kept.'),
  })
  .meta({ id: 'CancelOrder', examples: [{ refund_policy: 'none', reason: 'Ordered twice' }] });

export const WriteOffBody = z
  .strictObject({
    amount: z
      .int()
      .min(1)
      .max(LARGEST_AMOUNT)
      .nullish()
      .transform(orNull)
      .describe('Left out: all that may be collected.'),
    reason: whyText(500).describe('Why, for the history.'),
  })
  .meta({ id: 'WriteOff', examples: [{ amount: 50, reason: 'Not worth a reminder' }] });

export const OrdersQuery = listQuery({
  payment_status: z.enum(['unpaid', 'partially_paid', 'paid', 'overpaid']).optional(),
  customer: z.string().min(1).max(100).optional().describe('Our id of the customer, or your own.'),
  number: z.string().min(1).max(64).optional(),
});

export const HistoryQuery = listQuery({});

/** The order at a moment, or after so many of its events. */
export const OrderQuery = z.strictObject({
  as_of: z.iso.datetime({ offset: true }).optional().describe('The order as it was at that moment.'),
  revision: wholeNumber(1, 1_000_000).optional().describe('The order as it was at that revision.'),
});

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}
