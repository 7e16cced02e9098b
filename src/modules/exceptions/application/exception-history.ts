import type { HistoryTable } from '../../orders/index.js';
import type { ExceptionAction, ExceptionEvent } from '../domain/exception.events.js';

const actions: Readonly<Record<ExceptionAction, string>> = {
  refund_excess: 'refund the excess',
  keep_as_credit: 'keep it as credit',
  raise_total: 'raise the total',
  refund_payment: 'refund the payment',
  accept: 'accept it',
  retry: 'try again',
  look_at_stripe_again: 'look at Stripe again',
  collect_again: 'collect the money again',
  write_off: 'write the money off',
};

/** What becomes of exceptions, as the history of their order tells it. */
export const exceptionHistory: HistoryTable<ExceptionEvent> = {
  ExceptionOpened: {
    type: 'exception.opened',
    says: ({ explanation }) => `Somebody has to look: ${explanation}`,
  },
  ExceptionAssigned: {
    type: 'exception.assigned',
    says: ({ owner }) => `The exception is now looked after by ${owner}`,
  },
  ResolutionChosen: {
    type: 'exception.resolution_chosen',
    says: ({ action }) => `To resolve the exception it was decided to ${actions[action]}`,
    shows: ({ action }) => ({ action }),
  },
  ResolutionRefused: {
    type: 'exception.resolution_refused',
    says: ({ why }) => `The exception stays open: ${why}`,
    shows: ({ action, code, why }) => ({ action, code, why }),
  },
  ExceptionResolved: {
    type: 'exception.resolved',
    says: ({ explanation }) => `The exception is resolved: ${explanation}`,
  },
};
