import type { ExceptionEvent, ExceptionKind } from '../../src/modules/exceptions/domain/exception.events.js';

/** An exception about a payment of 125.00 on an order of 100.00, unless told otherwise. */
export function openedAs(kind: ExceptionKind = 'overpaid'): ExceptionEvent {
  return {
    type: 'ExceptionOpened',
    data: {
      kind,
      store: 'store_01',
      livemode: false,
      order: 'order_1',
      payment: 'pay_1',
      refund: null,
      dispute: null,
      mail: null,
      amount: 2500,
      currency: 'usd',
      explanation: 'Order SO-1042 was paid 25.00 USD too much.',
      owner: 'ops@lamps.test',
    },
  };
}

export const chosen = (
  action: Extract<ExceptionEvent, { type: 'ResolutionChosen' }>['data']['action'],
  wish = 'wish_1',
): ExceptionEvent => ({ type: 'ResolutionChosen', data: { action, wish } });

export const refused = (
  action: Extract<ExceptionEvent, { type: 'ResolutionRefused' }>['data']['action'],
  code: string | null = 'payment_disputed',
  wish = 'wish_1',
): ExceptionEvent => ({
  type: 'ResolutionRefused',
  data: { action, wish, code, why: 'The customer’s bank disputes this payment.' },
});

export const resolvedBy = (
  action: Extract<ExceptionEvent, { type: 'ExceptionResolved' }>['data']['action'],
  outcome: Extract<ExceptionEvent, { type: 'ExceptionResolved' }>['data']['outcome'] = 'refunded',
): ExceptionEvent => ({
  type: 'ExceptionResolved',
  data: { action, outcome, explanation: '25.00 USD was refunded.' },
});
