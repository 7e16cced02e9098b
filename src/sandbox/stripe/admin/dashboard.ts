import { z } from 'zod';
import { ApiError, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import { caseTypes, disputeReasons } from '../objects/dispute.js';
import { termsBlank } from '../objects/payment-intent.js';
import { refundFailures } from '../objects/refund.js';
import { isCurrency } from '../payments/currencies.js';
import { conclude, isOpen } from '../payments/dispute-outcome.js';
import { escalate, openDispute, prevent } from '../payments/disputing.js';
import { warnOfFraud } from '../payments/fraud-warnings.js';
import { cancelIntent, checkNotOwned, confirmIntent, openIntent } from '../payments/intents.js';
import { inPerson } from '../payments/outcome.js';
import { failPayout } from '../payments/payouts.js';
import { cancelRefund, failRefund, finishRefund, refundCharge } from '../payments/refunding.js';
import { methodOf } from '../payments/saved-cards.js';
import { done, type Handler, ok, type Told, told } from './told.js';

const Refund = z.strictObject({
  amount: z.number().int().min(1).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).nullable().default(null),
});
const Failure = z.strictObject({ reason: z.enum(refundFailures).optional() });

const Complaint = z.strictObject({
  amount: z.number().int().min(1).optional(),
  reason: z.enum(disputeReasons).default('fraudulent'),
  case_type: z.enum(caseTypes).default('chargeback'),
});

const Payment = z.strictObject({
  amount: z.number().int(),
  currency: z.string().refine(isCurrency).optional(),
  card: z.string().default('visa'),
  description: z.string().nullable().default(null),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** What the merchant's people do at Stripe itself, behind the back of whoever uses the API. */
export const dashboard: Readonly<Record<string, Handler>> = {
  'POST accounts/:id/payments': (world, id, body) =>
    asked(Payment, body, (payment) =>
      acting(world, world.books.accounts.find(id), (cause, { object }) =>
        takeByHand(world, cause, payment, object.default_currency),
      ),
    ),
  'POST payment_intents/:id/cancel': (world, id) =>
    acting(world, world.books.paymentIntents.find(id), (cause, intent) => {
      checkNotOwned(intent, 'cancel');
      return cancelIntent(world, cause, intent, 'requested_by_customer');
    }),
  'POST charges/:id/refund': (world, id, body) =>
    asked(Refund, body, ({ amount, reason }) =>
      acting(world, chargeAt(world, id), (cause, charge) =>
        refundCharge(world, cause, charge, { amount, reason, metadata: {} }),
      ),
    ),
  'POST charges/:id/dispute': (world, id, body) =>
    asked(Complaint, body, ({ amount, reason, case_type: caseType }) =>
      acting(world, chargeAt(world, id), (cause, charge) =>
        openDispute(world, cause, charge, { amount, reason, caseType }),
      ),
    ),
  'POST charges/:id/warn': (world, id) =>
    acting(world, chargeAt(world, id), (cause, { object }) => warnOfFraud(world, cause, object)),
  'POST disputes/:id/win': (world, id) => deciding(world, id, 'won'),
  'POST disputes/:id/lose': (world, id) => deciding(world, id, 'lost'),
  'POST disputes/:id/accept': (world, id) => deciding(world, id, 'lost'),
  'POST disputes/:id/escalate': (world, id) =>
    acting(world, world.books.disputes.find(id), (cause, row) => escalate(world, cause, row).object),
  'POST disputes/:id/prevent': (world, id) =>
    acting(world, world.books.disputes.find(id), (cause, row) => prevent(world, cause, row).object),
  'POST payouts/:id/fail': (world, id) =>
    acting(world, world.books.payouts.find(id), (cause, row) => failPayout(world, cause, row)),
  'POST refunds/:id/fail': (world, id, body) =>
    asked(Failure, body, ({ reason }) =>
      refunding(world, id, (cause) => failRefund(world, cause, id, reason)),
    ),
  'POST refunds/:id/succeed': (world, id) => refunding(world, id, (cause) => finishRefund(world, cause, id)),
  'POST refunds/:id/cancel': (world, id) => refunding(world, id, (cause) => cancelRefund(world, cause, id)),
};

/** By its own id, or by that of the payment it belongs to. */
function chargeAt({ books }: World, id: string) {
  return books.charges.find(books.paymentIntents.find(id)?.object.latest_charge ?? id);
}

/** Somebody types in a card at Stripe: a payment that whoever uses the API knows nothing of. */
function takeByHand(
  world: World,
  cause: Cause,
  { amount, currency: asked, card, description, metadata }: z.infer<typeof Payment>,
  ownCurrency: string,
): object {
  const terms = { ...termsBlank, amount, currency: asked ?? ownCurrency, description, metadata };
  const method = methodOf(world, cause.account, `pm_card_${card}`, 'card');
  const note = { session: null, moto: true, returnUrl: null };
  return confirmIntent(world, cause, openIntent(world, cause, terms, note), {
    circumstances: { ...inPerson, moto: true },
    method: () => method,
    returnUrl: null,
    changes: {},
  });
}

function deciding(world: World, id: string, verdict: 'won' | 'lost'): Told {
  return acting(world, world.books.disputes.find(id), (cause, row) => {
    if (!isOpen(row.object)) throw refused('This dispute is already closed');
    return conclude(world, cause, row, verdict).object;
  });
}

/** @param change whether it could be done */
function refunding(world: World, id: string, change: (cause: Cause) => boolean): Told {
  return acting(world, world.books.refunds.find(id), (cause, { object: { status } }) => {
    if (!change(cause)) throw refused(`Refund ${id} is ${status} already.`);
    return world.books.refunds.find(id)?.object;
  });
}

/** Reads what was sent with an action. */
function asked<T>(schema: z.ZodType<T>, body: unknown, then: (read: T) => Told): Told {
  const read = schema.safeParse(body);
  return read.success ? then(read.data) : told(read.error);
}

/** Does it as the owner of what it is done to, all of it or nothing; what failed once it had begun stays, as by API. */
function acting<T, N>(
  world: World,
  row: Row<T, N> | undefined,
  act: (cause: Cause, row: Row<T, N>) => object | undefined,
): Told {
  if (!row) return done(false);
  const cause = { account: row.account, requestId: world.ids.next('request'), idempotencyKey: null };
  const attempt = (): Told => {
    try {
      return ok(act(cause, row));
    } catch (error) {
      if (error instanceof ApiError && error.begun) return refusal(error);
      throw error;
    }
  };
  try {
    return world.books.commit(attempt);
  } catch (error) {
    if (error instanceof ApiError) return refusal(error);
    throw error;
  }
}

function refusal({ status, body }: ApiError): Told {
  return { status, body: { error: body } };
}
