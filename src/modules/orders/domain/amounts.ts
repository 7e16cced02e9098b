import type { PaymentStatus } from './order.events.js';

/** What the history of an order adds up to, in minor units. Every field only ever sums events. */
export type Ledger = Readonly<{
  total: number;
  captured: number;
  /** Pending and succeeded refunds; failed ones are taken back. */
  refunded: number;
  /** Dispute money out, less reinstated. */
  withdrawn: number;
  /** The part of `withdrawn` that nobody has decided about: it may come back. */
  contested: number;
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
  contested: 0,
  movedToCredit: 0,
  credited: 0,
  writtenOff: 0,
  reserved: 0,
};

export type RefundStatus = 'none' | 'partial' | 'full';

export type Amounts = Readonly<{
  /** Below zero only where more went out than came: credit was given for money that a dispute took later. */
  netPaid: number;
  owed: number;
  balanceDue: number;
  overpaid: number;
  /** The balance due less what disputes hold: while one runs, its money is owed but not collected. */
  collectable: number;
  /** What may still be asked for: what is collectable less what is held for payments under way. */
  available: number;
  paymentStatus: PaymentStatus;
  refundStatus: RefundStatus;
}>;

/** The one fold from which every amount and status is read (the rule: docs/explanation/money.md). */
export function amounts(ledger: Ledger): Amounts {
  const { total, captured, refunded, withdrawn, contested, movedToCredit, credited, writtenOff } = ledger;
  const netPaid = captured - refunded - withdrawn - movedToCredit;
  // Never below nothing; where more went out than came, a write-off may reach that too.
  const owed = Math.max(Math.min(0, netPaid), total - writtenOff - credited);
  const balanceDue = Math.max(0, owed - netPaid);
  const overpaid = Math.max(0, netPaid - owed);
  const collectable = Math.max(0, balanceDue - contested);
  const available = Math.max(0, collectable - ledger.reserved);
  const paymentStatus = paymentStatusOf(ledger, { netPaid, balanceDue, overpaid });
  const refundStatus = refundStatusOf(ledger);
  return { netPaid, owed, balanceDue, overpaid, collectable, available, paymentStatus, refundStatus };
}

function paymentStatusOf(
  { captured, movedToCredit, writtenOff }: Ledger,
  { netPaid, balanceDue, overpaid }: Pick<Amounts, 'netPaid' | 'balanceDue' | 'overpaid'>,
): PaymentStatus {
  if (overpaid > 0) return 'overpaid';
  if (captured === 0) return 'unpaid';
  if (netPaid > 0) return balanceDue === 0 ? 'paid' : 'partially_paid';
  // Nothing is left of what came. To give up what was never paid, or was lost, makes no order Paid.
  return balanceDue === 0 && writtenOff <= movedToCredit ? 'paid' : 'unpaid';
}

/** Full: of what came and was not kept as credit, nothing is left that was not refunded. */
function refundStatusOf({ captured, refunded, movedToCredit }: Ledger): RefundStatus {
  if (refunded === 0) return 'none';
  return refunded >= captured - movedToCredit ? 'full' : 'partial';
}
