import type { Projection, Told } from '../../../../shared/application/projection.js';
import { type PaymentEvent, paymentIdOf } from '../../../payments/index.js';
import { type LedgerRow, ledgerRow } from './ledger-row.js';

/** Our side of the books: a row for each charge, refund and dispute at Stripe. Offline payments never pass there. */
export const ledgerEntries: Projection<PaymentEvent, LedgerRow> = {
  name: 'ledger-entries',
  version: 1,
  indexes: ['store+kind', 'store+source'],
  reads: [
    'PaymentInitiated',
    'PaymentCaptured',
    'FeeRecorded',
    'PayoutRecorded',
    'RefundRequested',
    'ExternalRefundDetected',
    'RefundPending',
    'RefundSucceeded',
    'RefundFailed',
    'RefundCanceled',
    'DisputeOpened',
    'FundsWithdrawn',
    'FundsReinstated',
  ],
  keys: (event) => [keyOf(event)],
  project: (row, event) => ledgerRow(row, event),
};

function keyOf({ data, stream }: Told<PaymentEvent>): string {
  if ('refund' in data) return data.refund;
  return 'dispute' in data ? data.dispute : paymentIdOf(stream);
}
