import { z } from 'zod';
import { LARGEST_AMOUNT } from '../../../../shared/domain/currency.js';
import { listOf } from '../../../../shared/infrastructure/http/list-query.js';
import { anyText, oneLine, whyText } from '../../../../shared/infrastructure/http/texts.js';

const instant = z.iso.datetime();
const minor = z.int().min(1).max(LARGEST_AMOUNT);
const metadata = z.record(z.string(), z.string()).readonly();

export const RequestRefundBody = z
  .strictObject({
    amount: minor.nullish().describe('Minor units; left out: all that can still be refunded.'),
    currency: z
      .string()
      .max(10)
      .nullish()
      .describe('What you take the amount to be in. Another one than was captured is refused.'),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).nullish(),
    effect: z
      .enum(['credit', 'reopen'])
      .nullish()
      .describe(
        '`credit` (if left out): goods came back, and so much less is owed. `reopen`: it is owed again.',
      ),
    note: anyText(500).nullish().describe('For people here. Stripe and the customer do not see it.'),
  })
  .meta({
    id: 'RequestRefund',
    examples: [{ amount: 1000, reason: 'requested_by_customer', effect: 'credit', note: 'lamp broken' }],
  });

export const RefundAnswer = z
  .object({
    id: z.string(),
    object: z.literal('refund'),
    payment: z.string(),
    order: z.string(),
    store: z.string(),
    livemode: z.boolean(),
    amount: z.int(),
    currency: z.string(),
    status: z.enum(['pending', 'succeeded', 'failed', 'canceled']).describe('May fail after it succeeded.'),
    failure_reason: z.string().nullable(),
    reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).nullable(),
    effect: z.enum(['credit', 'reopen']),
    note: z.string().nullable(),
    source: z.enum(['quittance', 'stripe']).describe('`stripe`: somebody made it at Stripe.'),
    stripe: z.object({ refund: z.string().nullable() }),
    created_at: instant,
    revision: z.int(),
    metadata,
  })
  .meta({
    id: 'Refund',
    examples: [
      {
        id: 'refund_0193527c1b2e7c4f9d1a5b6c7d8e9f0a',
        object: 'refund',
        payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        amount: 1000,
        currency: 'usd',
        status: 'succeeded',
        failure_reason: null,
        reason: 'requested_by_customer',
        effect: 'credit',
        note: 'lamp broken',
        source: 'quittance',
        stripe: { refund: 're_3PgafTB7WZ01zgkW' },
        created_at: '2026-11-23T11:00:00.000Z',
        revision: 2,
        metadata: {},
      },
    ],
  });

export const DisputeAnswer = z
  .object({
    id: z.string(),
    object: z.literal('dispute'),
    payment: z.string(),
    order: z.string(),
    store: z.string(),
    livemode: z.boolean(),
    amount: z.int(),
    currency: z.string(),
    amount_withdrawn: z.int().describe('What it has taken at this moment.'),
    status: z.enum(['inquiry', 'open', 'won', 'lost', 'prevented', 'inquiry_closed']),
    reason: z.string().describe('Stripe’s word for what the cardholder says.'),
    evidence_due_by: instant.nullable(),
    stripe: z.object({ dispute: z.string(), charge: z.string() }),
    created_at: instant,
    revision: z.int(),
    metadata,
  })
  .meta({
    id: 'Dispute',
    examples: [
      {
        id: 'dispute_0193527c1b2e7c4f9d1a5b6c7d8e9f0b',
        object: 'dispute',
        payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        amount: 3000,
        currency: 'usd',
        amount_withdrawn: 3000,
        status: 'open',
        reason: 'fraudulent',
        evidence_due_by: '2026-12-03T23:59:59.000Z',
        stripe: { dispute: 'du_1PgafTB7WZ01zgkW', charge: 'ch_3PgafTB7WZ01zgkW' },
        created_at: '2026-11-25T09:00:00.000Z',
        revision: 2,
        metadata: {},
      },
    ],
  });

export const RecordOfflinePaymentBody = z
  .strictObject({
    amount: minor.describe('Minor units of the order’s currency.'),
    method: z.enum(['cash', 'bank_transfer', 'cheque', 'other']),
    reference: oneLine(100).nullish().describe('Your own, such as the number of a cheque.'),
    received_at: z.iso.datetime({ offset: true }).nullish().describe('Left out: now. Not in the future.'),
  })
  .meta({
    id: 'RecordOfflinePayment',
    examples: [{ amount: 2000, method: 'bank_transfer', reference: 'SO-1042' }],
  });

export const ReversePaymentBody = z
  .strictObject({ reason: whyText(500).describe('Why it was no money after all.') })
  .meta({ id: 'ReversePayment', examples: [{ reason: 'the cheque bounced' }] });

export const RefundList = listOf('RefundList', RefundAnswer);
export const DisputeList = listOf('DisputeList', DisputeAnswer);
