import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import { amountsOf, type OrderEvent, orderAggregate, orderIdOf } from '../../../orders/index.js';
import { OVERPAYING, type Overpayment, overpaymentsOf } from '../overpayments.js';
import { Opening } from '../processes/opening.process.js';
import { inWords } from '../sums-in-words.js';

/** An order that was paid more than is owed needs a decision: what becomes of the rest. */
@Injectable()
export class OpenExceptionsOfOrders implements Policy<OrderEvent> {
  readonly name = 'open-exceptions-of-orders';
  readonly reads = OVERPAYING;

  constructor(
    private readonly streams: Streams,
    private readonly opening: Opening,
  ) {}

  async on(event: Told<OrderEvent>): Promise<void> {
    if (!mayBeTooMuch(event)) return;
    const id = orderIdOf(event.stream);
    const history = await this.streams.history(orderAggregate, id);
    const found = overpaymentsOf(history).find((overpayment) => overpayment.event === event.id);
    if (!found) return;
    const { kind, matter, payment, amount } = found;
    const { store, livemode, currency } = found.order;
    const about = { store, livemode, order: id, payment, amount, currency };
    await this.opening.open({ kind, matter, about, explanation: explain(found) }, following(event));
  }
}

/** Nearly all money fits: then nothing has to be read. */
function mayBeTooMuch(event: OrderEvent): boolean {
  if (event.type === 'PaymentApplied') return event.data.excess > 0;
  return event.type !== 'OrderTotalChanged' || event.data.to < event.data.from;
}

function explain({ kind, amount, payment, order }: Overpayment): string {
  const { terms, currency } = order;
  const [excess, paid, owed] = [amount, amountsOf(order).netPaid, amountsOf(order).owed].map((minor) =>
    inWords(minor, currency),
  );
  if (kind === 'late_payment') return `${excess} came for order ${terms.number}, which is cancelled.`;
  if (payment) return `Order ${terms.number} was paid ${excess} too much: ${paid} came, and ${owed} is owed.`;
  return `Order ${terms.number} is worth ${owed} now, ${excess} less than the ${paid} that came.`;
}
