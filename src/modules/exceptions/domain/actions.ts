import type { ExceptionAction, ExceptionKind } from './exception.events.js';

/** The one table of what can be done about what. Without an action nothing is closed by a person. */
const actions: Readonly<Record<ExceptionKind, readonly ExceptionAction[]>> = {
  overpaid: ['refund_excess', 'keep_as_credit', 'raise_total'],
  late_payment: ['refund_excess', 'keep_as_credit'],
  capture_mismatch: ['refund_payment', 'accept'],
  // A card may be gone for good: then the money is given back by other means, and that is accepted with a reason.
  refund_failed: ['retry', 'keep_as_credit', 'look_at_stripe_again', 'accept'],
  dispute_opened: ['look_at_stripe_again'],
  dispute_lost: ['collect_again', 'write_off'],
  outcome_unknown: ['look_at_stripe_again'],
  mail_undelivered: ['retry', 'accept'],
  reconciliation_difference: ['look_at_stripe_again', 'accept'],
};

/** What can be done about an exception of this kind while it is open. */
export function actionsOf(kind: ExceptionKind): readonly ExceptionAction[] {
  return actions[kind];
}
