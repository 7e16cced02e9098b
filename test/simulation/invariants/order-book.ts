export type Counted = Readonly<{ captured: number; applied: number; excess: number }>;

export type CountedRefund = {
  readonly payment: string;
  readonly amount: number;
  readonly credited: number;
  isReversed: boolean;
};

type Data = Readonly<Record<string, unknown>>;

/** One order, as its events say in so many words. */
export class OrderBook {
  readonly held = new Map<string, number>();
  /** Until when each charge was allowed to begin, when its amount was held. */
  readonly beginsBy = new Map<string, string>();
  readonly counted = new Map<string, Counted>();
  readonly refunds = new Map<string, CountedRefund>();
  total: number;
  withdrawn = 0;
  writtenOff = 0;
  movedToCredit = 0;
  isCancelled = false;
  isCancelling = false;
  /** Something came that nobody here decides: money past Stripe, a refund or a dispute that turned. */
  isSurprised = false;
  /** What `PaymentStatusChanged` said last. */
  saidStatus = 'unpaid';
  readonly store: string;
  readonly email: string | null;

  constructor(
    readonly id: string,
    opened: Data,
  ) {
    const { store, terms } = opened as {
      store: string;
      terms: { total: number; customer: { email: string | null } };
    };
    this.store = store;
    this.total = terms.total;
    this.email = terms.customer.email;
  }

  read(type: string, data: Data): void {
    const payment = data['payment'] as string;
    const amount = data['amount'] as number;
    switch (type) {
      case 'OrderTotalChanged':
        this.total = data['to'] as number;
        break;
      case 'PaymentReserved':
        this.held.set(payment, amount);
        this.beginsBy.set(payment, (data['instruction'] as { confirm_by?: string }).confirm_by ?? '');
        break;
      case 'ReservationReleased':
        this.held.delete(payment);
        break;
      case 'PaymentApplied':
        if (!this.held.delete(payment)) this.isSurprised = true;
        this.counted.set(payment, data as unknown as Counted);
        break;
      case 'PaymentStatusChanged':
        this.saidStatus = data['to'] as string;
        break;
      case 'CancellationRequested':
        this.isCancelling = true;
        break;
      case 'OrderCancelled':
        this.isCancelled = true;
        this.writtenOff += data['written_off'] as number;
        break;
      default:
        this.readWayBack(type, data, payment, amount);
    }
  }

  private readWayBack(type: string, data: Data, payment: string, amount: number): void {
    switch (type) {
      case 'PaymentReversed':
        this.counted.set(payment, { captured: 0, applied: 0, excess: 0 });
        break;
      case 'RefundApplied':
        this.refunds.set(data['refund'] as string, {
          payment,
          amount,
          credited: data['credited'] as number,
          isReversed: false,
        });
        break;
      case 'RefundReversed': {
        const refund = this.refunds.get(data['refund'] as string);
        if (refund) refund.isReversed = true;
        this.isSurprised = true;
        break;
      }
      case 'DisputeFundsWithdrawn':
        this.withdrawn += amount;
        break;
      case 'DisputeFundsReinstated':
        this.withdrawn -= amount;
        this.writtenOff -= data['written_back'] as number;
        this.isSurprised = true;
        break;
      case 'LostDisputeDecided':
        this.writtenOff += data['written_off'] as number;
        break;
      case 'BalanceWrittenOff':
        this.writtenOff += amount;
        break;
      case 'ExcessResolved':
        if (data['resolution'] === 'credit') this.movedToCredit += amount;
        break;
    }
  }

  get captured(): number {
    return sum([...this.counted.values()].map(({ captured }) => captured));
  }

  get refunded(): number {
    return sum([...this.refunds.values()].map(({ amount, isReversed }) => (isReversed ? 0 : amount)));
  }

  get netPaid(): number {
    return this.captured - this.refunded - this.withdrawn - this.movedToCredit;
  }

  get owed(): number {
    const credited = sum(
      [...this.refunds.values()].map((refund) => (refund.isReversed ? 0 : refund.credited)),
    );
    return Math.max(Math.min(0, this.netPaid), this.total - this.writtenOff - credited);
  }

  get reserved(): number {
    return sum(this.held.values());
  }

  /** What the payment status must be, by the rule as people would say it. */
  get dueStatus(): string {
    const { netPaid, owed, captured } = this;
    if (netPaid > owed) return 'overpaid';
    if (captured === 0) return 'unpaid';
    if (netPaid > 0) return netPaid === owed ? 'paid' : 'partially_paid';
    // Nothing is left of what came: paid only where it went back for goods or as credit, and nothing was given up.
    return netPaid === owed && this.writtenOff <= this.movedToCredit ? 'paid' : 'unpaid';
  }
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
