import { createHash } from 'node:crypto';
import type { DisputeReason } from '../objects/dispute.js';

export type Decline = Readonly<{
  code: 'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error' | 'authentication_required';
  decline_code: string;
  message: string;
  advice_code: 'confirm_card_data' | 'do_not_try_again' | 'try_again_later';
  /** Radar said no: the bank was never asked. */
  blocked?: true;
}>;

/**
 * When the cardholder must authenticate: every time; unless the card was set up for later use; or only when
 * the cardholder is there anyway.
 */
export type Authentication = 'never' | 'always' | 'unless_set_up' | 'on_session';

export type TestCard = Readonly<{
  /** What follows `pm_card_` and `tok_`. */
  name: string;
  number: string;
  says: string;
  brand: 'visa' | 'mastercard' | 'amex';
  funding: 'credit' | 'debit';
  country: string;
  fingerprint: string;
  authentication: Authentication;
  decline: Decline | null;
  /** It can be saved; only charging it fails. */
  attaches: boolean;
  refund: 'succeeds' | 'pending' | 'fails_later';
  aftermath: Aftermath | null;
}>;

/** What its holder tells the bank after the payment. `shares`: one dispute over each part of the amount. */
export type Aftermath =
  | Readonly<{
      kind: 'dispute';
      reason: DisputeReason;
      caseType: 'chargeback' | 'inquiry';
      shares?: readonly number[];
    }>
  | Readonly<{ kind: 'fraud_warning' }>;

const declined = (
  decline_code: string,
  message = 'Your card was declined.',
  advice_code: Decline['advice_code'] = 'try_again_later',
  code: Decline['code'] = 'card_declined',
): Decline => ({ code, decline_code, message, advice_code });

const generic = declined('generic_decline');
const insufficient = declined('insufficient_funds', 'Your card has insufficient funds.');
const lost = declined('lost_card', undefined, 'do_not_try_again');
const stolen = declined('stolen_card', undefined, 'do_not_try_again');
const expired = declined('expired_card', 'Your card has expired.', 'confirm_card_data', 'expired_card');
const wrongCvc = declined(
  'incorrect_cvc',
  "Your card's security code is incorrect.",
  'confirm_card_data',
  'incorrect_cvc',
);
const processing = declined(
  'processing_error',
  'An error occurred while processing your card. Try again in a little bit.',
  'try_again_later',
  'processing_error',
);
const velocity = declined(
  'card_velocity_exceeded',
  'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
);
const blocked: Decline = { ...declined('fraudulent', undefined, 'do_not_try_again'), blocked: true };

const disputed = (reason: DisputeReason, caseType: 'chargeback' | 'inquiry' = 'chargeback') =>
  ({ kind: 'dispute', reason, caseType }) as const;

type Traits = Partial<Omit<TestCard, 'name' | 'number' | 'says' | 'fingerprint'>>;

const card = (name: string, number: string, says: string, traits: Traits = {}): TestCard => ({
  name,
  number,
  says,
  brand: 'visa',
  funding: 'credit',
  country: 'US',
  fingerprint: createHash('sha256').update(number).digest('base64url').replaceAll(/[-_]/g, '0').slice(0, 16),
  authentication: 'never',
  decline: null,
  attaches: !traits.decline,
  refund: 'succeeds',
  aftermath: null,
  ...traits,
});

/** Stripe's own test cards. */
export const testCards: readonly TestCard[] = [
  card('visa', '4242424242424242', 'Succeeds'),
  card('mastercard', '5555555555554444', 'Succeeds (Mastercard)', { brand: 'mastercard' }),
  card('amex', '378282246310005', 'Succeeds (American Express)', { brand: 'amex' }),
  card('visa_debit', '4000056655665556', 'Succeeds (debit)', { funding: 'debit' }),
  card('visa_chargeDeclined', '4000000000000002', 'Declined', { decline: generic }),
  card('visa_chargeDeclinedInsufficientFunds', '4000000000009995', 'Insufficient funds', {
    decline: insufficient,
  }),
  card('visa_chargeDeclinedLostCard', '4000000000009987', 'Lost card', { decline: lost }),
  card('visa_chargeDeclinedStolenCard', '4000000000009979', 'Stolen card', { decline: stolen }),
  card('chargeDeclinedExpiredCard', '4000000000000069', 'Expired card', { decline: expired }),
  card('chargeDeclinedIncorrectCvc', '4000000000000127', 'Wrong security code', { decline: wrongCvc }),
  card('chargeDeclinedProcessingError', '4000000000000119', 'Processing error', { decline: processing }),
  card('visa_chargeDeclinedVelocityLimitExceeded', '4000000000006975', 'Used too often', {
    decline: velocity,
  }),
  card('chargeCustomerFail', '4000000000000341', 'Can be saved, then declines', {
    decline: generic,
    attaches: true,
  }),
  card('authenticationRequired', '4000002760003184', 'Asks for 3D Secure, always', {
    authentication: 'always',
  }),
  card('authenticationRequiredOnSetup', '4000002500003155', 'Asks for 3D Secure unless saved', {
    authentication: 'unless_set_up',
  }),
  card(
    'authenticationRequiredSetupForOffSession',
    '4000003800000446',
    'Saved already; 3D Secure when present',
    {
      authentication: 'on_session',
    },
  ),
  card(
    'authenticationRequiredChargeDeclinedInsufficientFunds',
    '4000008260003178',
    '3D Secure, then declines',
    {
      authentication: 'always',
      decline: insufficient,
      attaches: true,
    },
  ),
  card('createDispute', '4000000000000259', 'Succeeds; disputed as fraud', {
    aftermath: disputed('fraudulent'),
  }),
  card('createDisputeProductNotReceived', '4000000000002685', 'Succeeds; disputed as not received', {
    aftermath: disputed('product_not_received'),
  }),
  card('createDisputeInquiry', '4000000000001976', 'Succeeds; the bank inquires', {
    aftermath: disputed('general', 'inquiry'),
  }),
  card('createMultipleDisputes', '4000000404000079', 'Succeeds; disputed twice, by halves', {
    aftermath: { ...disputed('fraudulent'), shares: [0.5, 0.5] },
  }),
  card('createIssuerFraudRecord', '4000000000005423', 'Succeeds; early fraud warning', {
    aftermath: { kind: 'fraud_warning' },
  }),
  card('pendingRefund', '4000000000007726', 'Succeeds; refunds take a while', { refund: 'pending' }),
  card('refundFail', '4000000000005126', 'Succeeds; refunds fail later', { refund: 'fails_later' }),
  card('radarBlock', '4100000000000019', 'Blocked as too risky', { decline: blocked }),
];

const namesOf = ({ name }: TestCard) => [name, name.replace(/^visa_/, ''), `visa_${name}`];
const byName = new Map(testCards.flatMap((each) => namesOf(each).map((name) => [name, each] as const)));
const byNumber = new Map(testCards.map((each) => [each.number, each]));

/** `visa` of `pm_card_visa` or `tok_visa`. */
export function cardNamed(name: string): TestCard | undefined {
  return byName.get(name);
}

export function cardNumbered(number: string): TestCard | undefined {
  return byNumber.get(number);
}

/** The check digit of card numbers. */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return /^\d{12,19}$/.test(digits) && sum % 10 === 0;
}
