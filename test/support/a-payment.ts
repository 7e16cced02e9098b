import type { PaymentEvent } from '../../src/modules/payments/domain/payment.events.js';
import type { Capture } from '../../src/modules/payments/domain/payment.js';
import type { DisputeId, RefundId } from '../../src/shared/domain/ids.js';
import { usd } from './an-order.js';

const whose = { order: 'order_1', store: 'store_1', livemode: false } as const;
const ask = { ...whose, order_number: 'SO-1042', amount: 10_000, currency: usd } as const;

/** A card charge of 100.00 USD. */
export const askedByCard = {
  ...ask,
  method: {
    channel: 'card',
    payment_method: 'pm_card_visa',
    save_card: false,
    moto: false,
    confirm_by: '2026-11-24T10:15:00.000Z',
    return_url: null,
  },
} as const;

/** 100.00 USD in cash. */
export const askedInCash = {
  ...ask,
  method: { channel: 'offline', kind: 'cash', reference: 'R-7', received_at: '2026-11-24T09:00:00.000Z' },
} as const;

export const initiated: PaymentEvent = { type: 'PaymentInitiated', data: askedByCard };
export const inCash: PaymentEvent = { type: 'OfflinePaymentRecorded', data: askedInCash };

export function captureOf(amount: number, currency = 'usd'): Capture {
  const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030, funding: 'credit' };
  return { intent: 'pi_1', charge: 'ch_1', amount, currency, card, source: 'response', stripe_event: null };
}

/** 100.00 USD came by card. */
export const captured: readonly PaymentEvent[] = [
  initiated,
  { type: 'PaymentCaptured', data: captureOf(10_000) },
];

export function refundRequested(refund: RefundId, amount: number): PaymentEvent {
  const wish = { reason: null, effect: 'credit', note: null } as const;
  return { type: 'RefundRequested', data: { refund, ...whose, amount, currency: usd, ...wish } };
}

export function refundDetected(refund: RefundId, amount: number, stripe_refund = 're_1'): PaymentEvent {
  const data = { refund, ...whose, stripe_refund, amount, currency: 'usd' };
  return { type: 'ExternalRefundDetected', data };
}

export function disputeOpened(dispute: DisputeId, amount: number, inquiry = false): PaymentEvent {
  const facts = { stripe_dispute: 'dp_1', charge: 'ch_1', currency: 'usd', reason: 'fraudulent' };
  const data = { dispute, ...whose, ...facts, amount, inquiry, due_by: '2026-12-01T00:00:00.000Z' };
  return { type: 'DisputeOpened', data };
}
