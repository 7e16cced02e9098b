import { invalid, missing } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import type { ConfirmationToken } from '../objects/confirmation-token.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import { makeMethod } from './saved-cards.js';
import { cardNamed } from './test-cards.js';

type Token = Row<ConfirmationToken, PaymentMethodNote>;

/** @throws ApiError where the token is unknown, used or too old */
export function tokenOf(world: World, account: string, id: string): Token {
  const token = world.books.confirmationTokens.get(account, id);
  if (!token) throw missing('confirmation_token', id, 'confirmation_token', 400);
  const { payment_intent, setup_intent, expires_at } = token.object;
  if (payment_intent ?? setup_intent) {
    throw invalid(
      `The ConfirmationToken ${id} was already used and cannot be used again.`,
      'confirmation_token',
    );
  }
  if (expires_at !== null && expires_at <= world.clock.seconds) {
    throw invalid(`The ConfirmationToken ${id} has expired.`, 'confirmation_token');
  }
  return token;
}

/** The card in the token, as a payment method; the token is good no more. */
export function redeem(world: World, token: Token, intent: string): Row<PaymentMethod, PaymentMethodNote> {
  const used = intent.startsWith('seti_') ? { setup_intent: intent } : { payment_intent: intent };
  world.books.confirmationTokens.replace(token, { ...token.object, ...used, expires_at: null });
  const card = cardNamed(token.note.testCard);
  if (!card) throw missing('PaymentMethod', token.note.testCard, 'confirmation_token', 400);
  const { billing_details, card: shown } = token.object.payment_method_preview;
  const expiry = { month: shown.exp_month, year: shown.exp_year };
  return makeMethod(world, token.account, card, billing_details, expiry);
}
