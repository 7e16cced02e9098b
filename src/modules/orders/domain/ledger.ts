import type { Ledger } from './amounts.js';
import type { OrderEvent } from './order.events.js';

/**
 * What an event adds to the sums, whatever came before it. Not in it: the total, which is replaced; what is held, which
 * ends with its reservation; and what is contested, which follows from the disputes.
 */
export function movesOf(event: OrderEvent): Partial<Ledger> {
  switch (event.type) {
    case 'PaymentReserved':
      return { reserved: event.data.amount };
    case 'PaymentApplied':
      return { captured: event.data.captured };
    case 'PaymentReversed':
      return { captured: -event.data.amount };
    case 'RefundApplied':
      return { refunded: event.data.amount, credited: event.data.credited };
    case 'RefundReversed':
      return { refunded: -event.data.amount, credited: -event.data.credited };
    case 'DisputeFundsWithdrawn':
      return { withdrawn: event.data.amount };
    case 'DisputeFundsReinstated':
      return { withdrawn: -event.data.amount, writtenOff: -event.data.written_back };
    case 'LostDisputeDecided':
    case 'OrderCancelled':
      return { writtenOff: event.data.written_off };
    case 'BalanceWrittenOff':
      return { writtenOff: event.data.amount };
    case 'ExcessResolved':
      return event.data.resolution === 'credit' ? { movedToCredit: event.data.amount } : {};
    default:
      return {};
  }
}

export function added(ledger: Ledger, moves: Partial<Ledger>): Ledger {
  const sums = Object.entries(moves).map(([name, by]) => [name, ledger[name as keyof Ledger] + by]);
  return { ...ledger, ...Object.fromEntries(sums) };
}
