import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type {
  DisputeId,
  LinkId,
  MailId,
  OrderId,
  PaymentId,
  RefundId,
  StoreId,
} from '../../../../shared/domain/ids.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';
import type { StripeEventEvent } from '../../domain/stripe-event.js';

const store = z.custom<StoreId>(startsWith('store_'));
const order = z.custom<OrderId>(startsWith('order_'));
const payment = z.custom<PaymentId>(startsWith('pay_'));
const link = z.custom<LinkId>(startsWith('link_'));
const mail = z.custom<MailId>(startsWith('mail_'));
const refund = z.custom<RefundId>(startsWith('refund_'));
const dispute = z.custom<DisputeId>(startsWith('dispute_'));
const currency = z.custom<Currency>((code) => typeof code === 'string' && Currency.is(code));
const amount = z.int().nonnegative();
const text = z.string();
const money = z.object({ amount: z.int(), currency: text });
const nothing = z.object({}).transform((): Record<string, never> => ({}));

function startsWith(prefix: string) {
  return (id: unknown): boolean => typeof id === 'string' && id.startsWith(prefix);
}

function version1<Data>(schema: z.ZodType<Data>) {
  return { version: 1, parse: (data: unknown): Data => schema.parse(data) };
}

const card = z.object({
  brand: text,
  last4: text,
  exp_month: z.int(),
  exp_year: z.int(),
  funding: text,
});

const method = z.discriminatedUnion('channel', [
  z.object({
    channel: z.literal('card'),
    payment_method: text,
    save_card: z.boolean(),
    moto: z.boolean(),
    confirm_by: text,
    return_url: text.nullable(),
  }),
  z.object({ channel: z.literal('link'), link, session: z.int().positive(), expires_at: text }),
]);

const byHand = z.object({
  channel: z.literal('offline'),
  kind: z.enum(['cash', 'bank_transfer', 'cheque', 'other']),
  reference: text.nullable(),
  received_at: text,
});

const whose = { order, store, livemode: z.boolean() };
const asked = { ...whose, order_number: text, amount, currency };

/** What is stored of a payment. Stored shapes never change: a new shape is a new version with an upcast. */
export const paymentCodec: EventCodec<PaymentEvent> = {
  PaymentInitiated: version1(z.object({ ...asked, method })),
  OfflinePaymentRecorded: version1(z.object({ ...asked, method: byHand })),
  OfflinePaymentReversed: version1(z.object({ why: text })),
  PaymentIntentCreated: version1(z.object({ intent: text })),
  ActionRequired: version1(z.object({ url: text, deadline: text })),
  OutcomeUnknown: version1(z.object({ detail: text })),
  PaymentCaptured: version1(
    z.object({
      intent: text,
      charge: text,
      amount,
      currency: text,
      card: card.nullable(),
      source: z.enum(['response', 'webhook', 'poll']),
      stripe_event: text.nullable(),
    }),
  ),
  CaptureMismatchDetected: version1(z.object({ expected: money, actual: money })),
  PaymentFailed: version1(
    z.object({
      code: text,
      decline_code: text.nullable(),
      advice_code: text.nullable(),
      message: text,
      charge: text.nullable(),
    }),
  ),
  PaymentVoided: version1(z.object({ why: text })),
  PaymentIntentCanceled: version1(z.object({ intent: text })),
  FeeRecorded: version1(z.object({ balance_transaction: text, fee: z.int(), net: z.int(), currency: text })),
  PayoutRecorded: version1(z.object({ payout: text })),
  RefundRequested: version1(
    z.object({
      ...whose,
      refund,
      amount,
      currency,
      reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).nullable(),
      effect: z.enum(['credit', 'reopen']),
      note: text.nullable(),
    }),
  ),
  ExternalRefundDetected: version1(
    z.object({ ...whose, refund, stripe_refund: text, amount, currency: text }),
  ),
  RefundPending: version1(z.object({ refund, stripe_refund: text })),
  RefundSucceeded: version1(z.object({ refund, stripe_refund: text.nullable() })),
  RefundFailed: version1(z.object({ refund, stripe_refund: text.nullable(), failure_reason: text })),
  RefundCanceled: version1(z.object({ refund, stripe_refund: text })),
  DisputeOpened: version1(
    z.object({
      ...whose,
      dispute,
      stripe_dispute: text,
      charge: text,
      amount,
      currency: text,
      reason: text,
      inquiry: z.boolean(),
      due_by: text.nullable(),
    }),
  ),
  DisputeEscalated: version1(z.object({ dispute, due_by: text.nullable() })),
  FundsWithdrawn: version1(z.object({ dispute, amount })),
  FundsReinstated: version1(z.object({ dispute, amount })),
  DisputeClosed: version1(
    z.object({ dispute, outcome: z.enum(['won', 'lost', 'prevented', 'inquiry_closed']) }),
  ),
};

export const paymentLinkCodec: EventCodec<PaymentLinkEvent> = {
  LinkCreated: version1(
    z.object({
      link,
      order,
      store,
      livemode: z.boolean(),
      currency,
      amount_rule: z.discriminatedUnion('rule', [
        z.object({ rule: z.literal('balance') }),
        z.object({ rule: z.literal('fixed'), amount: z.int().positive() }),
      ]),
      token_hash: text,
      expires_at: text,
      recipient: z.object({ name: text, email: text.nullable() }),
      message: text.nullable(),
      metadata: z.record(text, text),
    }),
  ),
  LinkMailRequested: version1(z.object({ mail, message_id: text })),
  SessionRequested: version1(z.object({ session: z.int().positive(), payment, amount, expires_at: text })),
  SessionOpened: version1(z.object({ session: z.int().positive(), checkout_session: text, url: text })),
  SessionEnded: version1(
    z.object({ session: z.int().positive(), why: z.enum(['completed', 'expired', 'not_opened']) }),
  ),
  LinkPaid: version1(z.object({ payment })),
  LinkRevoked: version1(nothing),
  LinkExpired: version1(nothing),
  LinkSuperseded: version1(
    z.object({ why: z.enum(['order_settled', 'order_cancelled', 'amount_above_balance']) }),
  ),
};

export const stripeEventCodec: EventCodec<StripeEventEvent> = {
  StripeEventReceived: version1(
    z.object({
      store,
      event: text,
      type: text,
      created: z.int(),
      api_version: text.nullable(),
      livemode: z.boolean(),
      account: text.nullable(),
      object: z.object({
        id: text,
        object: text,
        payment_intent: text.nullable(),
        payment: text.nullable(),
        store: text.nullable(),
      }),
    }),
  ),
  StripeEventApplied: version1(z.object({ to: text })),
  StripeEventIgnored: version1(
    z.object({ why: z.enum(['foreign', 'unsupported', 'wrong_mode', 'wrong_account', 'unanswerable']) }),
  ),
};
