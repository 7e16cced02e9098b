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
  test('never quotes a word that Stripe may invent', () =>
    expect(customerMessage(of('a_new_reason'))).toBe(plain));
});

test('authentication is asked for in either of Stripe’s spellings', () => {
  expect(needsAuthentication(of(null, 'authentication_required'))).toBe(true);
  expect(needsAuthentication(of('authentication_required'))).toBe(true);
  expect(needsAuthentication(of('authentication_not_handled', 'authentication_required'))).toBe(true);
  expect(needsAuthentication(of('insufficient_funds'))).toBe(false);
});
