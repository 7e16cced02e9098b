import { byTime, type Cause, type World } from '../engine/world.js';
import type { Charge } from '../objects/charge.js';
import type { EarlyFraudWarning } from '../objects/early-fraud-warning.js';
import { emit } from '../webhooks/emit.js';

/** The bank tells that its cardholder speaks of fraud. */
export function warnOfFraud(world: World, cause: Cause, charge: Charge): EarlyFraudWarning {
  const { books, ids, clock } = world;
  const warning: EarlyFraudWarning = {
    id: ids.next('early_fraud_warning'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.refunded && !charge.disputed,
    charge: charge.id,
    created: clock.seconds,
    fraud_type: 'unauthorized_use_of_card',
    livemode: false,
    payment_intent: charge.payment_intent,
  };
  books.fraudWarnings.add(cause.account, warning.id, warning, null);
  emit(world, cause, 'radar.early_fraud_warning.created', warning);
  return warning;
}

/** The job of the test card whose holder speaks of fraud. */
export function warnInTime(world: World, account: string, id: string): void {
  const charge = world.books.charges.get(account, id);
  if (charge) warnOfFraud(world, byTime(account), charge.object);
}

/** Once all is refunded, or disputed after all, there is nothing left to do about a warning. */
export function settleWarnings(world: World, cause: Cause, charge: string): void {
  const { books } = world;
  for (const row of [...books.fraudWarnings.walk(cause.account, undefined, 1)]) {
    if (row.object.charge !== charge || !row.object.actionable) continue;
    const after = { ...row.object, actionable: false };
    books.fraudWarnings.replace(row, after);
    emit(world, cause, 'radar.early_fraud_warning.updated', after, { actionable: true });
  }
}
