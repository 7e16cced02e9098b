import { Currency, LARGEST_AMOUNT } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Terms } from './order.events.js';

/** @throws Refusal where the terms contradict themselves or cannot be charged in this currency. */
export function checkTerms(terms: Terms, currency: Currency): void {
  if (!Number.isSafeInteger(terms.total) || terms.total < 0 || terms.total > LARGEST_AMOUNT) {
    throw new Refusal('validation_failed', `A total is a whole number from 0 to ${LARGEST_AMOUNT}.`, {
      param: '/total',
    });
  }
  const { step } = Currency.rule(currency);
  if (terms.total % step !== 0) {
    throw new Refusal('validation_failed', `Amounts in ${currency.toUpperCase()} are multiples of ${step}.`, {
      param: '/total',
      multiple_of: step,
    });
  }
  if (terms.lines.length === 0) checkShipping(terms);
  else checkSum(terms, currency);
}

function checkSum(terms: Terms, currency: Currency): void {
  const expected = totalOf(terms);
  if (expected !== terms.total) {
    const [sum, total] = [expected, terms.total].map((minor) => Money.format({ minor, currency }));
    throw new Refusal(
      'lines_do_not_add_up',
      `Lines, tax and shipping come to ${sum}; the total says ${total}.`,
      {
        param: '/total',
        expected,
        total: terms.total,
        currency,
      },
    );
  }
}

/** Without lines the total stands alone, and shipping is a part of it. */
function checkShipping({ shipping_amount, total }: Terms): void {
  if (shipping_amount <= total) return;
  throw new Refusal('validation_failed', 'Shipping is a part of the total, so it cannot be more.', {
    param: '/shipping_amount',
  });
}

/** Σ line amounts + Σ line taxes + shipping. */
export function totalOf({ lines, shipping_amount }: Pick<Terms, 'lines' | 'shipping_amount'>): number {
  return lines.reduce((sum, line) => sum + line.amount + line.tax_amount, shipping_amount);
}

/** The terms after a change. New lines without a new total carry their own; no lines leave the total as it was. */
export function revisedTerms(terms: Terms, changes: Partial<Terms>): Terms {
  const revised = { ...terms, ...changes };
  const follows = changes.lines && changes.lines.length > 0 && changes.total === undefined;
  return follows ? { ...revised, total: totalOf(revised) } : revised;
}

export function sameTerms(a: Terms, b: Terms): boolean {
  return canonical(a) === canonical(b);
}

/** Whether an invoice over either reads the same: metadata is not on it. */
export function sameDocument(a: Terms, b: Terms): boolean {
  return sameTerms({ ...a, metadata: {} }, { ...b, metadata: {} });
}

/** Key order must not matter: the same terms may come from another client. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.keys(inner)
            .sort()
            .map((key) => [key, inner[key]]),
        )
      : inner,
  );
}
