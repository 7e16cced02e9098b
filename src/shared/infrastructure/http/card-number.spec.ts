import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { v5, v7 } from 'uuid';
import { findCardNumber, holdsCardNumber } from './card-number.js';

const cards = {
  visa: '4242424242424242',
  'visa of 13 digits': '4222222222222',
  'visa of 19 digits': '4000000000000000006',
  'visa debit': '4000056655665556',
  mastercard: '5555555555554444',
  'mastercard 2-series': '2223003122003222',
  amex: '378282246310005',
  diners: '36227206271667',
  discover: '6011111111111117',
  jcb: '3566002020360505',
  unionpay: '6200000000000005',
  maestro: '6759649826438453',
};

const inFours = (digits: string, between: string) => digits.replace(/(.{4})(?=.)/g, `$1${between}`);

describe('a card number is found', () => {
  const cases = Object.entries(cards);
  test.each(cases)('%s, plain', (_, digits) => expect(holdsCardNumber(digits)).toBe(true));
  test.each(cases)('%s, in fours with spaces', (_, digits) =>
    expect(holdsCardNumber(`card: ${inFours(digits, ' ')}.`)).toBe(true),
  );
  test.each(cases)('%s, in fours with dashes', (_, digits) =>
    expect(holdsCardNumber(inFours(digits, '-'))).toBe(true),
  );
  test.each(cases)('%s, every digit apart', (_, digits) =>
    expect(holdsCardNumber([...digits].join(' '))).toBe(true),
  );
  test.each([
    ['with expiry and code behind it', '4242 4242 4242 4242 12/30 123'],
    ['with digits before it', 'order 17: 4242 4242 4242 4242'],
    ['as a track of a magnetic stripe', ';4242424242424242=30121010000012345678?'],
    ['glued to a word', 'card4242424242424242'],
    ['in full-width digits', '４２４２４２４２４２４２４２４２'],
    ['behind a plus sign', '+4242424242424242'],
    ['as if it were an id', 'pm_4242424242424242'],
    ['with dots', '4242.4242.4242.4242'],
    ['with a no-break space', '4242\u00a04242\u00a04242\u00a04242'],
  ])('%s', (_, text) => expect(holdsCardNumber(text)).toBe(true));
});

describe('other numbers are not taken for one', () => {
  test.each([
    ['a time in milliseconds', '1795428000000'],
    ['an amount', '99999999'],
    ['a mobile number', '+49 1512 3456786'],
    ['dates and times', '2026-12-24 14:00 2026-12-25 15:30'],
    ['an IMEI, which has the same check digit', '490154203237518 353879234252633'.split(' ')[1] ?? ''],
    ['a SIM card', '8944200012345678902'],
    ['a bar code', '4006381333931'],
    ['a number with a wrong check digit', '4242424242424241'],
    ['a UUID of digits', '42424242-4242-4242-8242-424242424242'],
    ['a long run of digits', '4'.repeat(25)],
    ['an order number by date', '20261124000017'],
  ])('%s', (_, text) => expect(holdsCardNumber(text)).toBe(false));

  test('any id of ours, of Stripe’s, or any hash', () => {
    const hex = fc.oneof(
      fc.uuid().map((id) => v5(id, v5.URL)),
      fc.integer({ min: 0, max: 2 ** 44 }).map((msecs) => v7({ msecs })),
    );
    const prefix = fc.constantFrom(
      'order',
      'pay',
      'link',
      'store',
      'cust',
      'key',
      'req',
      'mail',
      'evt',
      'exc',
    );
    const ours = fc.tuple(prefix, hex).map(([kind, id]) => `${kind}_${id.replaceAll('-', '')}`);
    const stripes = fc
      .tuple(
        fc.constantFrom('pi', 'ch', 'cs_test', 'cs_live', 'pm', 'txn', 'acct'),
        fc.stringMatching(/^[0-9A-Za-z]{16,40}$/),
      )
      .filter(([, tail]) => /[A-Za-z]/.test(tail))
      .map(([kind, tail]) => `${kind}_${tail}`);
    const hash = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('hex'));
    const token = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString('base64url'));
    const text = fc.oneof(ours, stripes, hash, hex, token);
    fc.assert(
      fc.property(
        text,
        (id) => !holdsCardNumber(id) && !holdsCardNumber(`/v1/orders/${id}/charges?after=${id}`),
      ),
      { numRuns: 3_000 },
    );
  });

  test('any number of seconds or milliseconds up to 2090', () => {
    const seconds = fc.integer({ min: 946_684_800, max: 3_786_912_000 });
    fc.assert(
      fc.property(seconds, fc.nat(999), (s, ms) => !findCardNumber({ created: s, at: s * 1000 + ms })),
    );
  });
});

describe('the field is named, the digits are not', () => {
  test('by its place in the body', () =>
    expect(findCardNumber({ lines: [{ sku: 'x' }, { description: 'paid by 4242 4242 4242 4242' }] })).toBe(
      '/lines/1/description',
    ));
  test('a number too', () => expect(findCardNumber({ amount: 4242424242424242 })).toBe('/amount'));
  test('a number that was too long to be kept', () =>
    expect(findCardNumber(JSON.parse('{"a":4000000000000000006}'))).toBe('/a'));
  test('a name that is one is told by what it stands in', () =>
    expect(findCardNumber({ metadata: { '4242424242424242': 'x' } })).toBe('/metadata'));
  test('the body itself', () => expect(findCardNumber('4242424242424242')).toBe(''));
});

test('a long text is looked through in no time', () => {
  const started = performance.now();
  for (const pump of ['4 ', '4', '4-4', '4242 ', 'a_4', '0a', '- '])
    holdsCardNumber(pump.repeat(65_536 / pump.length));
  expect(performance.now() - started).toBeLessThan(500);
});
