import { invalid } from '../api/errors.js';
import { largestAmount, shown, smallestCharge, stepOf } from './currencies.js';

/** @throws ApiError where Stripe would not charge so much, or so little */
export function checkAmount(amount: number, currency: string, param = 'amount'): void {
  if (amount < 1) throw invalid('Invalid positive integer', param, 'parameter_invalid_integer');
  if (amount > largestAmount) {
    const most = shown(largestAmount, currency);
    throw invalid(`Amount must be no more than ${most}`, param, 'amount_too_large');
  }
  const least = smallestCharge(currency);
  if (amount < least) {
    throw invalid(`Amount must be at least ${shown(least, currency)}`, param, 'amount_too_small');
  }
  const step = stepOf(currency);
  if (amount % step !== 0) {
    throw invalid(
      `Invalid ${param}: must be a multiple of ${step} in ${currency}.`,
      param,
      'invalid_charge_amount',
    );
  }
}
