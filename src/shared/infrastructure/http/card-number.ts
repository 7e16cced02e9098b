import { pointerTo } from './faults.js';

/** Digits, alone or with a space, dash or dot between them. */
const RUNS = /\d(?:[\s.\-\u2010-\u2015]{0,3}\d){12,}/g;
/** Ids and hashes: ours, Stripe's, UUIDs. Digits that stand inside one are no card number. */
const IDS = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b[a-z]{2,8}_(?:test_|live_)?(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{14,}/g,
  /\b(?=[0-9a-f]*[a-f])[0-9a-f]{32,}\b/gi,
];

/**
 * What the card schemes issue, by first digits and length: Visa, Mastercard, Amex, Diners, Discover and UnionPay,
 * JCB, Maestro, Mir. A plain checksum would refuse every IMEI and SIM number and one tenth of all long numbers.
 */
const SCHEMES: readonly [RegExp, number, number][] = [
  [/^4/, 13, 19],
  [/^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, 16, 16],
  [/^3[47]/, 15, 15],
  [/^(30[0-5]|3095|36|3[89])/, 14, 19],
  [/^6/, 16, 19],
  [/^5[0678]/, 16, 19],
  [/^35(2[89]|[3-8])/, 16, 19],
  [/^(2131|1800)/, 15, 15],
  [/^(220[0-4]|81)/, 16, 19],
];

/** Whether a text holds a card number, as typed or as printed on a card. */
export function holdsCardNumber(text: string): boolean {
  if (text.length < 13) return false;
  const plain = IDS.reduce((rest, id) => rest.replace(id, ' x '), text.normalize('NFKC'));
  for (const run of plain.matchAll(RUNS)) {
    const phone = plain[run.index - 1] === '+';
    if (runHoldsCard(run[0].match(/\d+/g) ?? [], phone)) return true;
  }
  return false;
}

/** Looks at every stretch of whole groups: a number may stand among others, as in `4242 4242 4242 4242 12/30`. */
function runHoldsCard(groups: readonly string[], phone: boolean): boolean {
  return groups.some((_, from) => {
    let digits = '';
    return groups.slice(from).some((group, more) => {
      digits += group;
      if (digits.length < 13 || digits.length > 19) return false;
      if (phone && from === 0 && digits.length <= 15) return false;
      return isCardNumber(digits) && !(more === 0 && isBarcode(digits));
    });
  });
}

function isCardNumber(digits: string): boolean {
  const known = SCHEMES.some(
    ([prefix, least, most]) => digits.length >= least && digits.length <= most && prefix.test(digits),
  );
  return known && luhn(digits);
}

function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const doubled = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

/** EAN-13, as printed on goods: its check digit is another one. */
function isBarcode(digits: string): boolean {
  if (digits.length !== 13) return false;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/**
 * The JSON pointer to the first field that holds a card number, its name included; `undefined` where none does.
 * Where the name itself holds it, the field around it is named: the answer never shows digits.
 */
export function findCardNumber(value: unknown, path: readonly PropertyKey[] = []): string | undefined {
  if (typeof value === 'string') return holdsCardNumber(value) ? pointerTo(path) : undefined;
  if (typeof value === 'number') return numberHoldsCard(value) ? pointerTo(path) : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (holdsCardNumber(key)) return pointerTo(path);
    const found = findCardNumber(member, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A number too long to be kept exactly is never an amount, and may have been a card number before it was read. */
function numberHoldsCard(value: number): boolean {
  if (!Number.isInteger(value) || Math.abs(value) < 1e12 || Math.abs(value) >= 1e19) return false;
  return !Number.isSafeInteger(value) || holdsCardNumber(String(Math.abs(value)));
}
