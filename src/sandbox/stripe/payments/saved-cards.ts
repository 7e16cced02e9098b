import { ApiError, docUrl, invalid, missing, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import {
  newCard,
  newPaymentMethod,
  type PaymentMethod,
  type PaymentMethodNote,
} from '../objects/payment-method.js';
import { type BillingDetails, nobody } from '../objects/shared.js';
import { emit } from '../webhooks/emit.js';
import { cardNamed, type TestCard } from './test-cards.js';

type Method = Row<PaymentMethod, PaymentMethodNote>;

const yearsValid = 4;

/** Makes a payment method of a test card. */
export function makeMethod(
  world: World,
  account: string,
  card: TestCard,
  billing: BillingDetails = nobody,
  expiry = expiryOf(world),
  metadata: Readonly<Record<string, string>> = {},
): Method {
  const id = world.ids.next('payment_method');
  const method = newPaymentMethod(id, world.clock.seconds, newCard(card, expiry), billing, metadata);
  const setUp = card.authentication === 'on_session';
  return world.books.paymentMethods.add(account, id, method, { testCard: card.name, setUp, spent: false });
}

/** What cards made of `pm_card_…` say about when they expire. */
export function expiryOf({ clock }: World): Readonly<{ month: number; year: number }> {
  const now = new Date(clock.now);
  return { month: now.getUTCMonth() + 1, year: now.getUTCFullYear() + yearsValid };
}

/**
 * A payment method by id; `pm_card_…` makes a new one every time.
 * @throws ApiError where there is none
 */
export function methodOf(world: World, account: string, id: string, param = 'payment_method'): Method {
  const card = cardNamed(/^pm_card_(.+)$/.exec(id)?.[1] ?? '');
  if (card) return makeMethod(world, account, card);
  const found = world.books.paymentMethods.get(account, id);
  if (!found) throw missing('PaymentMethod', id, param, 400);
  return found;
}

/** @throws ApiError where this method may not pay for this customer */
export function checkUsable({ object, note }: Method, customer: string | null): void {
  if (note.spent) {
    throw invalid(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
      'payment_method',
    );
  }
  if (object.customer && object.customer !== customer) {
    throw invalid(
      customer
        ? `The PaymentMethod ${object.id} does not belong to the Customer you provided (${customer}).`
        : `The PaymentMethod ${object.id} belongs to a Customer. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
      'payment_method',
    );
  }
}

/** @throws ApiError 402 where the card's bank refuses to have it kept */
export function attach(world: World, cause: Cause, method: Method, customer: string): PaymentMethod {
  if (method.object.customer === customer) return method.object;
  if (method.object.customer !== null) {
    throw refused(
      'The payment method you provided has already been attached to a customer.',
      'payment_method_already_attached',
    );
  }
  if (method.note.spent) checkUsable(method, customer);
  const card = cardNamed(method.note.testCard);
  if (card?.decline && !card.attaches) {
    const { code, decline_code, message, advice_code } = card.decline;
    throw new ApiError(
      402,
      { type: 'card_error', code, decline_code, message, advice_code, doc_url: docUrl(code) },
      true,
    );
  }
  return bind(world, cause, method, customer, method.note);
}

export function detach(world: World, cause: Cause, method: Method): PaymentMethod {
  if (method.object.customer === null) {
    throw refused(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
    );
  }
  const after: PaymentMethod = { ...method.object, customer: null };
  world.books.paymentMethods.replace(method, after, { ...method.note, spent: true });
  emit(world, cause, 'payment_method.detached', after, { customer: method.object.customer });
  return after;
}

/** Paid and to be kept: the customer's from now on, and authenticated for use without them. */
export function saveForLater(
  world: World,
  cause: Cause,
  method: Method,
  customer: string,
  usage: 'off_session' | 'on_session',
): void {
  const note = { ...method.note, setUp: method.note.setUp || usage === 'off_session' };
  if (method.object.customer === customer) world.books.paymentMethods.replace(method, method.object, note);
  else bind(world, cause, method, customer, note);
}

/** Used without being kept: never again. */
export function spend(world: World, method: Method): void {
  world.books.paymentMethods.replace(method, method.object, { ...method.note, spent: true });
}

function bind(
  world: World,
  cause: Cause,
  method: Method,
  customer: string,
  note: PaymentMethodNote,
): PaymentMethod {
  const after: PaymentMethod = { ...method.object, customer };
  world.books.paymentMethods.replace(method, after, note);
  emit(world, cause, 'payment_method.attached', after);
  return after;
}
