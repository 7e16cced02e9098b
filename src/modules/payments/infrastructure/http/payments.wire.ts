import { z } from 'zod';
import { LARGEST_AMOUNT } from '../../../../shared/domain/currency.js';
import { listOf } from '../../../../shared/infrastructure/http/list-query.js';
import { anyText, mailAddress, metadata as ownPairs } from '../../../../shared/infrastructure/http/texts.js';
import { DisputeAnswer, RefundAnswer } from './refunds.wire.js';

const instant = z.iso.datetime();
const metadata = z.record(z.string(), z.string()).readonly();
const minor = z.int().min(1).max(LARGEST_AMOUNT);
const amount = z.object({ amount: z.int(), currency: z.string() });

/** Written out in full: what a URL parser would quietly take out of it is refused. */
const returnUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(/^[\x21-\x7e]*$/, 'Must be a URL without spaces and line breaks');

/** Absent, or `null`, which means the same in a request. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish();
}

/** In an address: our id of an order, or the caller’s own. */
export const OrderReference = z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/);

/** In an address: the id of a payment. */
export const PaymentReference = z.templateLiteral(['pay_', z.string().regex(/^[0-9a-f]{32}$/)]);

export const ChargeCardBody = z
  .strictObject({
    amount: optional(minor).describe('Minor units; left out: all that is available.'),
    payment_method: z
      .string()
      .regex(/^(pm|card)_[A-Za-z0-9_]{1,250}$/, 'An id of a payment method at Stripe')
      .describe('`pm_…`, from Stripe’s own fields. Card numbers are never taken.'),
    save_card: optional(z.boolean()).describe('Keep the card for later, with the customer’s consent.'),
    moto: optional(z.boolean()).describe('Taken by mail or telephone. Stripe must allow it on the account.'),
    on_open_session: optional(z.enum(['fence', 'reject'])).describe(
      'When the customer has the payment page open: close it first (`fence`), or refuse.',
    ),
    on_authentication_required: optional(z.enum(['offer', 'send_link'])).describe(
      'When the customer’s bank wants to hear from an absent customer: offer a payment link, or mail it at once.',
    ),
    return_url: optional(returnUrl).describe(
      'The customer is present: authentication answers 202 with `next_action`, and their bank sends them here.',
    ),
  })
  .meta({ id: 'ChargeCard', examples: [{ amount: 3000, payment_method: 'pm_card_visa' }] });

export const SendPaymentLinkBody = z
  .strictObject({
    amount: optional(minor).describe('Minor units; left out: the balance at the moment of paying.'),
    email: optional(mailAddress).describe('Left out: the customer’s own.'),
    message: optional(anyText(2000)).describe('Plain text for the customer.'),
    expires_at: optional(z.iso.datetime({ offset: true })).describe(
      'A minute to a year ahead; 30 days if left out.',
    ),
    send: optional(z.boolean()).describe('`false`: no mail; hand the URL over yourself.'),
    metadata: optional(ownPairs),
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
    amount_refunded: z.int().describe('Refunds under way and made.'),
    amount_disputed: z.int().describe('What disputes have taken at this moment.'),
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
    offline: z
      .object({ method: z.string(), reference: z.string().nullable(), received_at: instant })
      .nullable()
      .describe('How money came that did not pass Stripe.'),
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
  .meta({
    id: 'Payment',
    examples: [
      {
        id: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
        object: 'payment',
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        channel: 'card',
        status: 'captured',
        amount: 3000,
        currency: 'usd',
        amount_captured: 3000,
        amount_applied: 3000,
        amount_excess: 0,
        amount_refunded: 0,
        amount_disputed: 0,
        card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030, funding: 'credit' },
        stripe: {
          payment_intent: 'pi_3PgafTB7WZ01zgkW',
          charge: 'ch_3PgafTB7WZ01zgkW',
          balance_transaction: 'txn_3PgafTB7WZ01zgkW',
        },
        fee: { amount: 117, currency: 'usd' },
        net: { amount: 2883, currency: 'usd' },
        payout: null,
        offline: null,
        failure: null,
        next_action: null,
        link: null,
        captured_at: '2026-11-23T10:00:01.000Z',
        created_at: '2026-11-23T10:00:00.000Z',
        revision: 5,
        metadata: {},
      },
    ],
  });

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
    email: z.string().nullable(),
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
  .meta({
    id: 'PaymentLink',
    examples: [
      {
        id: 'link_0193527c1b2e7c4f9d1a5b6c7d8e9f04',
        object: 'payment_link',
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        status: 'active',
        rule: 'fixed',
        amount: 4000,
        currency: 'usd',
        email: 'ada@example.test',
        message: 'Thank you!',
        url: 'http://127.0.0.1:3000/pay/AZNSfBsufE-dGltsfY6fBA',
        expires_at: '2026-12-31T00:00:00.000Z',
        mail: {
          status: 'queued',
          message_id: '<mail_0193527c1b2e7c4f9d1a5b6c7d8e9f05@quittance.test>',
          attempts: 0,
          last_error: null,
          sent_at: null,
        },
        opened_at: null,
        payment: null,
        created_at: '2026-11-23T10:00:00.000Z',
        revision: 2,
        metadata: {},
      },
    ],
  });
export type PaymentLinkAnswer = z.infer<typeof PaymentLinkAnswer>;

export const Transaction = z
  .discriminatedUnion('object', [PaymentAnswer, PaymentLinkAnswer, RefundAnswer, DisputeAnswer])
  .meta({ id: 'Transaction' });

export const PaymentList = listOf('PaymentList', PaymentAnswer);
export const PaymentLinkList = listOf('PaymentLinkList', PaymentLinkAnswer);
export const TransactionList = listOf('TransactionList', Transaction);

/** Past its expiry an active link is told as expired, whoever has looked. */
export function toLinkAnswer(link: PaymentLinkAnswer, now: Date): PaymentLinkAnswer {
  const isOver = link.status === 'active' && Date.parse(link.expires_at) <= now.getTime();
  return isOver ? { ...link, status: 'expired' } : link;
}
