import type { Projection } from '../../../../shared/application/projection.js';
import { type Channel, type OrderEvent, orderIdOf } from '../../../orders/index.js';

export type OpenReservationRow = Readonly<{
  payment: string;
  order: string;
  store: string;
  channel: Channel;
  amount: number;
  created_at: string;
}>;

/** Every hold on an order's balance that has not ended: what the sweep has to look at, and nothing else. */
export const openReservations: Projection<OrderEvent, OpenReservationRow> = {
  name: 'open-reservations',
  version: 1,
  indexes: ['store'],
  reads: ['PaymentReserved', 'ReservationReleased', 'PaymentApplied'],
  keys: (event) => ('payment' in event.data ? [event.data.payment] : []),
  project: (_row, event) => {
    if (event.type !== 'PaymentReserved') return null;
    const { payment, channel, amount } = event.data;
    return {
      payment,
      order: orderIdOf(event.stream),
      store: event.metadata['store'] ?? '',
      channel,
      amount,
      created_at: event.at,
    };
  },
};
