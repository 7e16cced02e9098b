import type { PaymentStatus } from './order.events.js';

/** What the history of an order adds up to, in minor units. Every field only ever sums events. */
export type Ledger = Readonly<{
  total: number;
  captured: number;
  /** Pending and succeeded refunds; failed ones are taken back. */
  refunded: number;
  /** Dispute money out, less reinstated. */
  withdrawn: number;
  movedToCredit: number;
  /** Lowered what is owed: goods returned. */
  credited: number;
  writtenOff: number;
  reserved: number;
}>;

export const emptyLedger: Ledger = {
  total: 0,
  captured: 0,
  refunded: 0,
  withdrawn: 0,
  movedToCredit: 0,
  credited: 0,
  writtenOff: 0,
  reserved: 0,
};

export type Amounts = Readonly<{
  netPaid: number;
  owed: number;
  balanceDue: number;
  overpaid: number;
  /** What may still be asked for: the balance due less what is held for payments under way. */
  available: number;
  paymentStatus: PaymentStatus;
}>;

/** The one fold from which every amount and status is read (the rule: docs/explanation/money.md). */
export function amounts(ledger: Ledger): Amounts {
  const { total, captured, refunded, withdrawn, movedToCredit, credited, writtenOff, reserved } = ledger;
  const netPaid = captured - refunded - withdrawn - movedToCredit;
  const owed = Math.max(0, total - writtenOff - credited);
  const balanceDue = Math.max(0, owed - netPaid);
  const overpaid = Math.max(0, netPaid - owed);
  const available = Math.max(0, balanceDue - reserved);
  const paymentStatus = statusOf({ captured, netPaid, balanceDue, overpaid });
  return { netPaid, owed, balanceDue, overpaid, available, paymentStatus };
}

function statusOf(sums: {
  captured: number;
  netPaid: number;
  balanceDue: number;
  overpaid: number;
}): PaymentStatus {
  if (sums.overpaid > 0) return 'overpaid';
  if (sums.captured === 0) return 'unpaid';
  if (sums.balanceDue === 0) return 'paid';
  return sums.netPaid > 0 ? 'partially_paid' : 'unpaid';
}
