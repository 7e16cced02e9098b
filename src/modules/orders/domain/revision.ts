import type { OrderEvent, Terms } from './order.events.js';
import type { ExistingOrder } from './order.state.js';
import { checkTerms, sameDocument } from './terms.js';

/**
 * What follows from new terms: the terms, the total where it is another, and the invoice where it reads otherwise.
 * @throws Refusal where the terms contradict themselves.
 */
export function revision(order: ExistingOrder, terms: Terms): readonly OrderEvent[] {
  checkTerms(terms, order.currency);
  const events: OrderEvent[] = [{ type: 'OrderRevised', data: { terms } }];
  const [from, to] = [order.terms.total, terms.total];
  if (from !== to) events.push({ type: 'OrderTotalChanged', data: { from, to } });
  if (order.invoice && !sameDocument(order.terms, terms)) {
    const { number, revision: last } = order.invoice;
    events.push({ type: 'InvoiceIssued', data: { number, revision: last + 1 } });
  }
  return events;
}
