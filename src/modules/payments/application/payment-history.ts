import { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import type { HistoryTable } from '../../orders/index.js';
import type { DisputeOutcome, PaymentEvent } from '../domain/payment.events.js';
import type { PaymentLinkEvent } from '../domain/payment-link.events.js';

function show(amount: number, currency: string): string {
  return Currency.is(currency) ? Money.format({ minor: amount, currency }) : `${amount} ${currency}`;
}

const disputeEnds: Readonly<Record<DisputeOutcome, string>> = {
  won: 'The dispute was won',
  lost: 'The dispute was lost',
  prevented: 'The dispute was prevented',
  inquiry_closed: 'The bank’s question was closed without a dispute',
};

/** What happens to a payment, as the history of its order tells it. */
export const paymentHistory: HistoryTable<PaymentEvent> = {
  PaymentInitiated: {
    type: 'payment.initiated',
    says: ({ amount, currency, method }) =>
      method.channel === 'card'
        ? `A charge of ${show(amount, currency)} was begun`
        : `A payment page for ${show(amount, currency)} was prepared`,
  },
  PaymentIntentCreated: {
    type: 'payment.intent_created',
    says: ({ intent }) => `Stripe prepared the payment as ${intent}; no money has moved yet`,
  },
  ActionRequired: {
    type: 'payment.action_required',
    says: () => 'The card’s bank asks the customer to confirm the payment',
  },
  OutcomeUnknown: {
    type: 'payment.outcome_unknown',
    says: () => 'Stripe gave no answer: whether the card was charged is being found out',
  },
  PaymentCaptured: {
    type: 'payment.captured',
    says: ({ amount, currency, card }) =>
      `${card ? `Card ending ${card.last4}` : 'The card'} was charged ${show(amount, currency)}`,
    stripeEvent: ({ stripe_event }) => stripe_event,
  },
  CaptureMismatchDetected: {
    type: 'payment.mismatch_detected',
    says: ({ expected, actual }) =>
      `${show(expected.amount, expected.currency)} was asked for, but ${show(actual.amount, actual.currency)} was captured`,
  },
  PaymentFailed: {
    type: 'payment.failed',
    says: ({ code, decline_code }) => `The charge failed: ${(decline_code ?? code).replaceAll('_', ' ')}`,
  },
  PaymentVoided: {
    type: 'payment.voided',
    says: ({ why }) =>
      why.startsWith('session_')
        ? 'The payment page was closed without a payment'
        : 'The payment was given up without money',
  },
  PaymentIntentCanceled: {
    type: 'payment.intent_canceled',
    says: ({ intent }) => `${intent} was cancelled at Stripe, so that it can never be paid later`,
  },
  FeeRecorded: {
    type: 'payment.fee_recorded',
    says: ({ fee, net, currency }) => `Stripe kept ${show(fee, currency)}; ${show(net, currency)} remains`,
  },
  PayoutRecorded: {
    type: 'payment.paid_out',
    says: ({ payout }) => `Stripe sent the money to the bank in ${payout}`,
  },
  OfflinePaymentRecorded: {
    type: 'payment.recorded',
    says: ({ amount, currency, method }) =>
      `${show(amount, currency)} was received by ${method.kind.replaceAll('_', ' ')}`,
  },
  OfflinePaymentReversed: {
    type: 'payment.reversed',
    says: ({ why }) => `The payment was reversed: ${why}`,
  },
  RefundRequested: {
    type: 'refund.requested',
    says: ({ amount, currency, effect }) =>
      effect === 'credit'
        ? `A refund of ${show(amount, currency)} was asked for`
        : `A refund of ${show(amount, currency)} was asked for; it is owed again`,
  },
  ExternalRefundDetected: {
    type: 'refund.detected',
    says: ({ amount, currency, stripe_refund }) =>
      `${show(amount, currency)} was refunded at Stripe itself, as ${stripe_refund}`,
  },
  RefundPending: { type: 'refund.pending', says: () => 'The refund is on its way' },
  RefundSucceeded: {
    type: 'refund.succeeded',
    says: ({ stripe_refund }) => (stripe_refund ? 'The refund was made' : 'The money was given back by hand'),
  },
  RefundFailed: {
    type: 'refund.failed',
    says: ({ failure_reason }) => `The refund failed: ${failure_reason.replaceAll('_', ' ')}`,
  },
  RefundCanceled: { type: 'refund.canceled', says: () => 'The refund was cancelled' },
  DisputeOpened: {
    type: 'dispute.opened',
    says: ({ amount, currency, reason, inquiry }) =>
      `The customer’s bank ${inquiry ? 'asks about' : 'disputes'} ${show(amount, currency)}: ${reason.replaceAll('_', ' ')}`,
  },
  DisputeEscalated: {
    type: 'dispute.escalated',
    says: () => 'The customer’s bank disputes what it had asked about',
  },
  FundsWithdrawn: {
    type: 'dispute.funds_withdrawn',
    says: () => 'The disputed money was withdrawn',
  },
  FundsReinstated: {
    type: 'dispute.funds_reinstated',
    says: () => 'The disputed money came back',
  },
  DisputeClosed: {
    type: 'dispute.closed',
    says: ({ outcome }) => disputeEnds[outcome],
  },
};

/** What happens to a payment link, as the history of its order tells it. */
export const linkHistory: HistoryTable<PaymentLinkEvent> = {
  LinkCreated: {
    type: 'payment_link.created',
    says: ({ amount_rule, currency }) =>
      amount_rule.rule === 'fixed'
        ? `A payment link for ${show(amount_rule.amount, currency)} was made`
        : 'A payment link for the balance was made',
    shows: ({ token_hash: _, ...data }) => data,
  },
  LinkMailRequested: {
    type: 'payment_link.mail_requested',
    says: () => 'The link is being mailed to the customer',
  },
  SessionRequested: {
    type: 'payment_link.opened',
    says: () => 'The customer went to the payment page',
  },
  SessionOpened: {
    type: 'payment_link.session_opened',
    says: ({ checkout_session }) => `Stripe opened the payment page ${checkout_session.slice(0, 16)}…`,
    shows: ({ session, checkout_session }) => ({ session, checkout_session }),
  },
  SessionEnded: {
    type: 'payment_link.session_ended',
    says: ({ why }) =>
      why === 'completed' ? 'The customer finished the payment page' : 'The payment page was closed',
  },
  LinkPaid: { type: 'payment_link.paid', says: () => 'The link was paid' },
  LinkRevoked: { type: 'payment_link.revoked', says: () => 'The link was revoked' },
  LinkExpired: { type: 'payment_link.expired', says: () => 'The link expired' },
  LinkSuperseded: {
    type: 'payment_link.superseded',
    says: ({ why }) =>
      why === 'order_settled'
        ? 'The link was closed: the order is settled'
        : 'The link was closed: the order has changed',
  },
};
