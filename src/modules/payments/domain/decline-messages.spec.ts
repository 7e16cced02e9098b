import { describe, expect, test } from '@jest/globals';
import { customerMessage, needsAuthentication } from './decline-messages.js';

const of = (decline_code: string | null, code = 'card_declined') => ({ code, decline_code });

describe('what a cardholder hears', () => {
  const plain = customerMessage(of('generic_decline'));

  test.each([
    'fraudulent',
    'lost_card',
    'stolen_card',
    'pickup_card',
    'merchant_blacklist',
    'restricted_card',
  ])('of %s is the same as of any other decline', (code) => expect(customerMessage(of(code))).toBe(plain));
  test('says what they can do about it', () => {
    expect(customerMessage(of('insufficient_funds'))).toMatch(/funds/);
    expect(customerMessage(of(null, 'expired_card'))).toMatch(/expired/);
    expect(customerMessage(of('incorrect_cvc', 'incorrect_cvc'))).toMatch(/security code/);
  });
  test.each([
    ['insufficient_funds', /insufficient funds/],
    ['expired_card', /has expired/],
    ['incorrect_cvc', /security code/],
    ['invalid_cvc', /security code/],
    ['incorrect_number', /card number/],
    ['incorrect_zip', /postal code/],
    ['card_not_supported', /this kind of purchase/],
    ['currency_not_supported', /this currency/],
    ['card_velocity_exceeded', /its limit/],
    ['withdrawal_count_limit_exceeded', /its limit/],
    ['processing_error', /just now/],
    ['try_again_later', /just now/],
    ['issuer_not_available', /cannot be reached/],
    ['authentication_required', /confirm this payment/],
    ['authentication_not_handled', /confirm this payment/],
    ['payment_intent_authentication_failure', /that it is you/],
    ['not_started', /was not charged/],
    ['permission_missing', /was not charged/],
    ['store_disconnected', /was not charged/],
  ])('of %s is %p, whether Stripe says so as the code or as the decline code', (word, sentence) => {
    expect(customerMessage(of(word))).toMatch(sentence);
    expect(customerMessage(of(null, word))).toMatch(sentence);
  });
  test('of a decline is never what the code alone would say: it may hide a theft', () =>
    expect(customerMessage(of('lost_card', 'expired_card'))).toBe(plain));
  test('of anything else is that the card was declined', () => {
    expect(plain).toMatch(/was declined.*contact your bank/);
    expect(customerMessage(of(null, 'an_unknown_code'))).toBe(plain);
  });
  test('never quotes a word that Stripe may invent', () =>
    expect(customerMessage(of('a_new_reason'))).toBe(plain));
});

test('authentication is asked for in either of Stripe’s spellings', () => {
  expect(needsAuthentication(of(null, 'authentication_required'))).toBe(true);
  expect(needsAuthentication(of('authentication_required'))).toBe(true);
  expect(needsAuthentication(of('authentication_not_handled', 'authentication_required'))).toBe(true);
  expect(needsAuthentication(of(null, 'authentication_not_handled'))).toBe(true);
  expect(needsAuthentication(of('insufficient_funds'))).toBe(false);
  expect(needsAuthentication(of(null, 'expired_card'))).toBe(false);
});
