import type { Failure } from './payment.events.js';

/** The card had no part in it: it was never asked. */
const notAsked = 'The payment could not be made just now. The card was not charged. Please try again later.';

/** What a cardholder may hear. Fraud, lost and stolen are never revealed: the list is of what may be said. */
const messages: Readonly<Record<string, string>> = {
  insufficient_funds: 'The card has insufficient funds. Please use another card.',
  expired_card: 'The card has expired. Please use another card.',
  incorrect_cvc: 'The security code is incorrect. Please check it and try again.',
  invalid_cvc: 'The security code is incorrect. Please check it and try again.',
  incorrect_number: 'The card number is incorrect. Please check it and try again.',
  incorrect_zip: 'The postal code does not match the card. Please check it and try again.',
  card_not_supported: 'The card does not support this kind of purchase. Please use another card.',
  currency_not_supported: 'The card does not support this currency. Please use another card.',
  card_velocity_exceeded: 'The card has reached its limit. Please use another card or try again later.',
  withdrawal_count_limit_exceeded:
    'The card has reached its limit. Please use another card or try again later.',
  processing_error: 'The card could not be processed just now. Please try again in a moment.',
  try_again_later: 'The card could not be processed just now. Please try again in a moment.',
  issuer_not_available: 'The card’s bank cannot be reached just now. Please try again in a moment.',
  authentication_required: 'The card’s bank asks you to confirm this payment.',
  authentication_not_handled: 'The card’s bank asks you to confirm this payment.',
  payment_intent_authentication_failure:
    'The card’s bank could not confirm that it is you. Please try again.',
  not_started: notAsked,
  permission_missing: notAsked,
  store_disconnected: notAsked,
};
const declined = 'The card was declined. Please use another card or contact your bank.';

/** For the cardholder. The decline code itself is for the operator only. */
export function customerMessage({ code, decline_code }: Pick<Failure, 'code' | 'decline_code'>): string {
  return messages[decline_code ?? code] ?? (decline_code ? declined : (messages[code] ?? declined));
}

/** Stripe spells it as the code, or only as the decline code. */
export function needsAuthentication({ code, decline_code }: Pick<Failure, 'code' | 'decline_code'>): boolean {
  return [code, decline_code].some(
    (word) => word === 'authentication_required' || word === 'authentication_not_handled',
  );
}
