/**
 * How one currency is written at Stripe and by people.
 * - `wireDigits`: decimals of the integer amounts that Stripe's API takes and that we store.
 * - `shownDigits`: decimals people write.
 * - `step`: every amount is a multiple of it, in wire minor units.
 * - `minimum`: the least amount that Stripe charges, in wire minor units.
 * Source: docs.stripe.com/currencies. One frozen table of our own: `Intl` says 0 digits for currencies that
 * Stripe takes in hundredths, which would make charges 100 times too small.
 */
export type CurrencyRule = Readonly<{
  wireDigits: 0 | 2 | 3;
  shownDigits: 0 | 2 | 3;
  step: number;
  minimum: number;
}>;

/** Stripe takes at most eight digits in any currency. */
export const LARGEST_AMOUNT = 99_999_999;

const zeroDecimal = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf';
const threeDecimal = 'bhd jod kwd omr tnd';
/** Two decimals on the wire, but always 00. */
const wholeUnitsOnly = 'isk ugx';
const twoDecimal =
  'aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny ' +
  'cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd ' +
  'kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok ' +
  'npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top ' +
  'try ttd twd tzs uah usd uyu uzs wst xcd xcg yer zar zmw';

/** Minimums that Stripe names; every other currency gets the default of its kind, and Stripe has the last word. */
const namedMinimums: Readonly<Record<string, number>> = {
  aed: 200,
  aud: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  jpy: 50,
  mxn: 1000,
  nok: 300,
  nzd: 50,
  pln: 200,
  sek: 300,
  sgd: 50,
  usd: 50,
};

function kind(codes: string, rule: CurrencyRule): [string, CurrencyRule][] {
  return codes.split(' ').map((code) => [code, { ...rule, minimum: namedMinimums[code] ?? rule.minimum }]);
}

const table: ReadonlyMap<string, CurrencyRule> = new Map([
  ...kind(zeroDecimal, { wireDigits: 0, shownDigits: 0, step: 1, minimum: 50 }),
  ...kind(threeDecimal, { wireDigits: 3, shownDigits: 3, step: 10, minimum: 500 }),
  ...kind(wholeUnitsOnly, { wireDigits: 2, shownDigits: 0, step: 100, minimum: 100 }),
  ...kind(twoDecimal, { wireDigits: 2, shownDigits: 2, step: 1, minimum: 50 }),
]);

/** Lower-case ISO 4217 code that Stripe can charge. */
export type Currency = string & { readonly __currency: unique symbol };

export const Currency = {
  codes: [...table.keys()].sort() as Currency[],
  is: (code: string): code is Currency => table.has(code),
  rule(currency: Currency): CurrencyRule {
    const rule = table.get(currency);
    if (!rule) throw new Error(`no rule for currency ${currency}`);
    return rule;
  },
};
