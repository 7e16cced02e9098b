/** What Stripe charges in. */
const charged =
  'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw';
const currencies: ReadonlySet<string> = new Set(charged.split(' '));
const withoutMinorUnit: ReadonlySet<string> = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);
const withThreeDecimals: ReadonlySet<string> = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
/** Two decimals on the wire, but always 00. */
const wholeOnly: ReadonlySet<string> = new Set(['isk', 'ugx']);

const minimums: Readonly<Record<string, number>> = {
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

export const largestAmount = 99_999_999;

export function isCurrency(code: string): boolean {
  return currencies.has(code);
}

export function smallestCharge(currency: string): number {
  return minimums[currency] ?? (decimalsOf(currency) === 0 ? 50 : 50 * 10 ** (decimalsOf(currency) - 2));
}

/** What an amount must be a multiple of. */
export function stepOf(currency: string): number {
  if (withThreeDecimals.has(currency)) return 10;
  return wholeOnly.has(currency) ? 100 : 1;
}

/** `120.00 USD`, the same on every machine. */
export function shown(amount: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const sign = amount < 0 ? '-' : '';
  return `${sign}${whole}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''} ${currency.toUpperCase()}`;
}

/** 15.00, or about as much where the currency's unit is small. */
export function disputeFee(currency: string): number {
  return decimalsOf(currency) === 3 ? 15_000 : 1500;
}

function decimalsOf(currency: string): number {
  if (withoutMinorUnit.has(currency)) return 0;
  return withThreeDecimals.has(currency) ? 3 : 2;
}
