import { z } from 'zod';
import { listOf } from '../../../../shared/infrastructure/http/list-query.js';

const instant = z.iso.datetime();
const metadata = z.record(z.string(), z.string()).readonly();
const minor = z.int().min(0).max(99_999_999);
const amount = z.object({ amount: z.int(), currency: z.string() });

/** Absent, or `null`, which means the same in a request. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish();
}

export const PaymentMetadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .refine((pairs) => Object.keys(pairs).length <= 50, { message: 'At most 50 pairs' });

export const ChargeCardBody = z
  .strictObject({
    amount: optional(minor.min(1)).describe('Minor units; left out: all that is available.'),
    payment_method: z
      .string()
      .regex(/^(pm|card)_[A-Za-z0-9_]{1,250}$/, 'An id of a payment method at Stripe')
      .describe('`pm_…`, from Stripe’s own fields. Card numbers are never taken.'),
    save_card: optional(z.boolean()).describe('Keep the card for later, with the customer’s consent.'),
    moto: optional(z.boolean()).describe('Taken by mail or telephone. Stripe must allow it on the account.'),
    on_open_session: optional(z.enum(['fence', 'reject'])).describe(
      'When the customer has the payment page open: close it first (`fence`), or refuse.',
    ),
    return_url: optional(z.url({ protocol: /^https?$/ }).max(2000)).describe(
      'The customer is present: authentication answers 202 with `next_action`, and their bank sends them here.',
    ),
  })
  .meta({ id: 'ChargeCard', examples: [{ amount: 3000, payment_method: 'pm_card_visa' }] });

export const SendPaymentLinkBody = z
  .strictObject({
    amount: optional(minor.min(1)).describe('Minor units; left out: the balance at the moment of paying.'),
    email: optional(z.email().max(254)).describe('Left out: the customer’s own.'),
    message: optional(z.string().max(2000)).describe('Plain text for the customer.'),
    expires_at: optional(z.iso.datetime({ offset: true })).describe(
      'A minute to a year ahead; 30 days if left out.',
    ),
    send: optional(z.boolean()).describe('`false`: no mail; hand the URL over yourself.'),
    metadata: optional(PaymentMetadata),
  })
  .meta({
    id: 'SendPaymentLink',
    examples: [{ amount: 4000, email: 'ada@example.test', message: 'Thank you!' }],
  });

/** Bodies of calls that need none: nothing, or an empty object. */
export const NoBody = z.strictObject({}).meta({ id: 'NoBody' });

export const PaymentAnswer = z
  .object({
    id: z.string(),
    object: z.literal('payment'),
    order: z.string(),
    store: z.string(),
    livemode: z.boolean(),
    channel: z.enum(['card', 'link', 'offline']),
    status: z.enum(['processing', 'requires_action', 'unknown', 'captured', 'failed', 'voided']),
    amount: z.int(),
    currency: z.string(),
    amount_captured: z.int(),
    amount_applied: z.int(),
    amount_excess: z.int(),
    amount_refunded: z.int(),
    card: z
      .object({
        brand: z.string(),
        last4: z.string(),
        exp_month: z.int(),
        exp_year: z.int(),
        funding: z.string(),
      })
      .nullable(),
    stripe: z.object({
      payment_intent: z.string().nullable(),
      charge: z.string().nullable(),
      balance_transaction: z.string().nullable(),
    }),
    fee: amount.nullable(),
    net: amount.nullable(),
    payout: z.string().nullable(),
    failure: z
      .object({
        code: z.string(),
        decline_code: z.string().nullable().describe('For the operator. Never show it to the customer.'),
        message: z.string(),
        customer_message: z.string(),
      })
      .nullable(),
    next_action: z.object({ type: z.literal('redirect'), url: z.string() }).nullable(),
    link: z.string().nullable(),
    captured_at: instant.nullable(),
    created_at: instant,
    revision: z.int(),
    metadata,
  })
  .meta({ id: 'Payment' });

export const PaymentLinkAnswer = z
  .object({
    id: z.string(),
    object: z.literal('payment_link'),
    order: z.string(),
    store: z.string(),
    livemode: z.boolean(),
    status: z.enum(['active', 'session_open', 'paid', 'expired', 'revoked', 'superseded']),
    rule: z.enum(['balance', 'fixed']),
    amount: z.int().nullable(),
    currency: z.string(),
    email: z.string(),
    message: z.string().nullable(),
    url: z.string().nullable().describe('For keys with `links:write` only.'),
    expires_at: instant,
    mail: z
      .object({
        status: z.enum(['queued', 'deferred', 'sent', 'failed', 'bounced']),
        message_id: z.string(),
        attempts: z.int(),
        last_error: z.string().nullable(),
        sent_at: instant.nullable(),
      })
      .nullable(),
    opened_at: instant.nullable().describe('When the customer first pressed Pay.'),
    payment: z.string().nullable(),
    created_at: instant,
    revision: z.int(),
    metadata,
  })
  .meta({ id: 'PaymentLink' });
export type PaymentLinkAnswer = z.infer<typeof PaymentLinkAnswer>;

export const Transaction = z
  .discriminatedUnion('object', [PaymentAnswer, PaymentLinkAnswer])
  .meta({ id: 'Transaction' });

export const PaymentList = listOf('PaymentList', PaymentAnswer);
export const PaymentLinkList = listOf('PaymentLinkList', PaymentLinkAnswer);
export const TransactionList = listOf('TransactionList', Transaction);

/** Past its expiry an active link is told as expired, whoever has looked. */
export function toLinkAnswer(link: PaymentLinkAnswer, now: Date): PaymentLinkAnswer {
  const isOver = link.status === 'active' && Date.parse(link.expires_at) <= now.getTime();
  return isOver ? { ...link, status: 'expired' } : link;
}
