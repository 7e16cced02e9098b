import type { LineItem } from './checkout-session.js';

export type LineItemFacts = Readonly<{
  id: string;
  price: string;
  product: string;
  name: string;
  currency: string;
  unitAmount: number;
  quantity: number;
  created: number;
}>;

/** A line with the price and product that Stripe makes up for inline `price_data`. */
export function newLineItem(facts: LineItemFacts): LineItem {
  const { id, name, currency, unitAmount, quantity } = facts;
  const total = unitAmount * quantity;
  const line = {
    id,
    object: 'item' as const,
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: total,
    amount_tax: 0,
    amount_total: total,
    currency,
    description: name,
    metadata: {},
    price: priceOf(facts),
    quantity,
  };
  return line;
}

function priceOf({ price, product, created, currency, unitAmount }: LineItemFacts): object {
  return {
    id: price,
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product,
    recurring: null,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: unitAmount,
    unit_amount_decimal: String(unitAmount),
  };
}
