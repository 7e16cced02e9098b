/** As much of a card as may be shown. */
export type ShownCard = Readonly<{ brand: string; last4: string }>;

const brands: Readonly<Record<string, string>> = {
  amex: 'American Express',
  cartes_bancaires: 'Cartes Bancaires',
  diners: 'Diners Club',
  discover: 'Discover',
  eftpos_au: 'eftpos',
  jcb: 'JCB',
  link: 'Link',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** `Visa ending 4242`. */
export function cardName({ brand, last4 }: ShownCard): string {
  return `${brands[brand] ?? 'Card'} ending ${last4}`;
}
