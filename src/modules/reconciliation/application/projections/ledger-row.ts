import type { Told } from '../../../../shared/application/projection.js';
import type { PaymentEvent } from '../../../payments/index.js';
import { paymentIdOf } from '../../../payments/index.js';
import type { MoneyData, Movement, MovementKind } from '../../domain/books.js';

type Moved = Readonly<{ kind: MovementKind; amount: number; at: string }>;

/** A charge, a refund or a dispute, and how it has moved money at Stripe so far. */
export type LedgerRow = Readonly<{
  /** When it last moved money, or was begun: by this a period finds it. */
  created_at: string;
  kind: 'charge' | 'refund' | 'dispute';
  store: string;
  order: string;
  payment: string;
  /** Stripe's object; null until it is known, and for money that came past Stripe. */
  source: string | null;
  amount: number;
  currency: string;
  moved: readonly Moved[];
  /** Of a charge. */
  fee: MoneyData | null;
  payout: string | null;
}>;

export function movementsOf({
  source,
  payment,
  order,
  currency,
  fee,
  moved,
}: LedgerRow): readonly Movement[] {
  if (source === null) return [];
  return moved.map(({ kind, amount, at }) => {
    return { kind, source, payment, order, amount, currency, at, fee: kind === 'charge' ? fee : null };
  });
}

export function ledgerRow(row: LedgerRow | undefined, event: Told<PaymentEvent>): LedgerRow | null {
  return begun(event) ?? (row ? moved(row, event) : null);
}

function begun(event: Told<PaymentEvent>): LedgerRow | null {
  const { at: created_at } = event;
  const fresh = {
    created_at,
    payment: paymentIdOf(event.stream),
    moved: [],
    fee: null,
    payout: null,
  } as const;
  switch (event.type) {
    case 'PaymentInitiated': {
      const { store, order, amount, currency } = event.data;
      return { ...fresh, kind: 'charge', source: null, store, order, amount, currency };
    }
    case 'RefundRequested': {
      const { store, order, amount, currency } = event.data;
      return { ...fresh, kind: 'refund', source: null, store, order, amount, currency };
    }
    case 'ExternalRefundDetected': {
      const { store, order, amount, currency, stripe_refund: source } = event.data;
      return { ...fresh, kind: 'refund', source, store, order, amount, currency };
    }
    case 'DisputeOpened': {
      const { store, order, amount, currency, stripe_dispute: source } = event.data;
      return { ...fresh, kind: 'dispute', source, store, order, amount, currency };
    }
    default:
      return null;
  }
}

function moved(row: LedgerRow, { type, data, at }: Told<PaymentEvent>): LedgerRow {
  switch (type) {
    case 'PaymentCaptured': {
      const { charge: source, amount, currency } = data;
      return move({ ...row, source, currency }, { kind: 'charge', amount, at });
    }
    case 'FeeRecorded':
      return { ...row, fee: { amount: data.fee, currency: data.currency } };
    case 'PayoutRecorded':
      return { ...row, payout: data.payout };
    case 'RefundPending':
    case 'RefundSucceeded':
      return data.stripe_refund === null ? row : given({ ...row, source: data.stripe_refund }, at);
    case 'RefundFailed':
    case 'RefundCanceled': {
      if (data.stripe_refund === null) return row;
      const out = given({ ...row, source: data.stripe_refund }, at);
      return move(out, { kind: 'refund_return', amount: row.amount, at });
    }
    case 'FundsWithdrawn':
      return move(row, { kind: 'dispute', amount: -data.amount, at });
    case 'FundsReinstated':
      return move(row, { kind: 'dispute_return', amount: data.amount, at });
    default:
      return row;
  }
}

/** Stripe takes a refund out of the balance as soon as it is made, also one that is pending. */
function given(row: LedgerRow, at: string): LedgerRow {
  const isOut = row.moved.at(-1)?.kind === 'refund';
  return isOut ? row : move(row, { kind: 'refund', amount: -row.amount, at });
}

function move(row: LedgerRow, one: Moved): LedgerRow {
  return { ...row, created_at: one.at, moved: [...row.moved, one] };
}
