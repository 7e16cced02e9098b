import { describe, expect, test } from '@jest/globals';
import {
  captured,
  disputeOpened,
  inCash,
  refundDetected,
  refundRequested,
} from '../../../../../test/support/a-payment.js';
import type { Told } from '../../../../shared/application/projection.js';
import type { PaymentEvent } from '../../../payments/index.js';
import { ledgerEntries } from './ledger-entries.projection.js';
import { type LedgerRow, movementsOf } from './ledger-row.js';

/** The rows after these events, an hour apart, by their key. */
function rowsAfter(...events: readonly PaymentEvent[]): ReadonlyMap<string, LedgerRow> {
  const rows = new Map<string, LedgerRow>();
  const read: ReadonlySet<string> = new Set(ledgerEntries.reads);
  events.forEach((event, hour) => {
    if (!read.has(event.type)) return;
    const at = new Date(Date.UTC(2026, 10, 20, hour)).toISOString();
    const envelope = { id: 'e', stream: 'payment-1', revision: hour, position: hour + 1, at, metadata: {} };
    const told = { ...event, ...envelope } as Told<PaymentEvent>;
    for (const key of ledgerEntries.keys(told)) {
      const row = ledgerEntries.project(rows.get(key), told, key);
      if (row) rows.set(key, row);
    }
  });
  return rows;
}

/** What moved: kind, Stripe's object and amount, in the order of time. */
const moved = (...events: readonly PaymentEvent[]) =>
  [...rowsAfter(...events).values()]
    .flatMap(movementsOf)
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ kind, source, amount }) => [kind, source, amount]);

const refund = 'refund_1';
const pending: PaymentEvent = { type: 'RefundPending', data: { refund, stripe_refund: 're_1' } };
const succeeded: PaymentEvent = { type: 'RefundSucceeded', data: { refund, stripe_refund: 're_1' } };
const bounced: PaymentEvent = {
  type: 'RefundFailed',
  data: { refund, stripe_refund: 're_1', failure_reason: 'expired_or_canceled_card' },
};
const neverMade: PaymentEvent = {
  type: 'RefundFailed',
  data: { refund, stripe_refund: null, failure_reason: 'refused' },
};
const charge = ['charge', 'ch_1', 10_000];
const out = ['refund', 're_1', -2_500];
const back = ['refund_return', 're_1', 2_500];

describe('our side of the books', () => {
  test('holds the money of a charge, with fee and payout once they are known', () => {
    const fee = { balance_transaction: 'txn_1', fee: 320, net: 9_680, currency: 'usd' };
    const rows = rowsAfter(
      ...captured,
      { type: 'FeeRecorded', data: fee },
      { type: 'PayoutRecorded', data: { payout: 'po_1' } },
    );
    const row = rows.get('pay_1');
    expect(row).toMatchObject({ payout: 'po_1', created_at: '2026-11-20T01:00:00.000Z' });
    expect(row && movementsOf(row)).toMatchObject([
      { kind: 'charge', source: 'ch_1', amount: 10_000, fee: { amount: 320, currency: 'usd' } },
    ]);
  });

  test('holds no money that never passed Stripe', () => {
    const byHand: PaymentEvent = { type: 'RefundSucceeded', data: { refund, stripe_refund: null } };
    expect(moved(inCash, refundRequested(refund, 2_500), byHand)).toEqual([]);
  });

  test('a refund is out as soon as Stripe has made it, and out once', () => {
    const asked = [...captured, refundRequested(refund, 2_500)];
    expect(moved(...asked)).toEqual([charge]);
    expect(moved(...asked, pending)).toEqual([charge, out]);
    expect(moved(...asked, pending, succeeded)).toEqual([charge, out]);
  });

  test('a refund that fails or is cancelled comes back', () => {
    const cancelled: PaymentEvent = { type: 'RefundCanceled', data: { refund, stripe_refund: 're_1' } };
    for (const end of [bounced, cancelled])
      expect(moved(...captured, refundRequested(refund, 2_500), succeeded, end)).toEqual([charge, out, back]);
  });

  test('a refund that Stripe never made moves nothing, until it turns out that it has', () => {
    const refused = [...captured, refundRequested(refund, 2_500), neverMade];
    expect(moved(...refused)).toEqual([charge]);
    expect(moved(...refused, succeeded)).toEqual([charge, out]);
  });

  test('a refund that was made at Stripe counts like any other', () => {
    expect(moved(...captured, refundDetected(refund, 2_500), succeeded)).toEqual([charge, out]);
  });

  test('a dispute takes money and gives it back, as often as it does', () => {
    const dispute = 'dispute_1';
    const taken: PaymentEvent = { type: 'FundsWithdrawn', data: { dispute, amount: 10_000 } };
    const given: PaymentEvent = { type: 'FundsReinstated', data: { dispute, amount: 10_000 } };
    expect(moved(...captured, disputeOpened(dispute, 10_000), taken, given, taken)).toEqual([
      charge,
      ['dispute', 'dp_1', -10_000],
      ['dispute_return', 'dp_1', 10_000],
      ['dispute', 'dp_1', -10_000],
    ]);
    expect(moved(...captured, disputeOpened(dispute, 10_000, true))).toEqual([charge]);
  });
});
