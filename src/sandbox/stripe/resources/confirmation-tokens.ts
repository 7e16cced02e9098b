import { z } from 'zod';
import { missing } from '../api/errors.js';
import { shipping, text, url } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import { type ConfirmationToken, newConfirmationToken } from '../objects/confirmation-token.js';
import { newCard } from '../objects/payment-method.js';
import { nobody, shippingOf } from '../objects/shared.js';
import { expiryOf } from '../payments/saved-cards.js';
import { cardNamed } from '../payments/test-cards.js';

const Create = z.strictObject({
  payment_method: text,
  return_url: url.optional(),
  setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
  shipping: shipping.optional(),
});

/** Stands in for Stripe.js where there is no browser. */
function create({ world, account, params }: Call<z.infer<typeof Create>>): ConfirmationToken {
  const { payment_method, return_url = null, setup_future_usage = null, shipping: to } = params;
  const named = cardNamed(/^pm_card_(.+)$/.exec(payment_method)?.[1] ?? '');
  const saved = world.books.paymentMethods.get(account.id, payment_method);
  const card = named ?? cardNamed(saved?.note.testCard ?? '');
  if (!card) throw missing('PaymentMethod', payment_method, 'payment_method', 400);
  const id = world.ids.next('confirmation_token');
  const billing = saved?.object.billing_details ?? nobody;
  const token = newConfirmationToken(id, world.clock.seconds, newCard(card, expiryOf(world)), billing, {
    return_url,
    setup_future_usage,
    shipping: to ? shippingOf(to) : null,
  });
  world.books.confirmationTokens.add(account.id, id, token, {
    testCard: card.name,
    setUp: false,
    spent: false,
  });
  return token;
}

export const confirmationTokenRoutes = [
  route('POST', '/v1/test_helpers/confirmation_tokens', Create, create),
  route('GET', '/v1/confirmation_tokens/:id', nothing, ({ world, account, id }) => {
    const found = world.books.confirmationTokens.get(account.id, id);
    if (!found) throw missing('confirmation_token', id);
    return found.object;
  }),
];
