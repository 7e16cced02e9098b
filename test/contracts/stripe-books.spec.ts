import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import {
  BooksForbidden,
  BooksRefused,
  BooksUnreachable,
} from '../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import { toBooking } from '../../src/modules/reconciliation/infrastructure/stripe/booking.translator.js';
import { SdkStripeBooks } from '../../src/modules/reconciliation/infrastructure/stripe/sdk.stripe-books.js';
import { StripeAccounts, type StripeDoor } from '../../src/modules/stores/index.js';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { askStripe } from '../../src/shared/infrastructure/stripe/ask-stripe.js';
import { paramsOf, recorded, type StripeCall } from '../support/recorded-stripe.js';
import { assertStripeParams } from '../support/stripe-schema.js';
import { aClient, anOwner, aSandbox, misshapen } from './stripe/a-stripe-sandbox.js';

const store: StoreId = 'store_1';
const payment = 'pay_1';
const day = 86_400;

/** The one door to the sandbox's account. */
class OneDoor extends StripeAccounts {
  deadlineMs = 5_000;
  constructor(private readonly door: StripeDoor) {
    super();
  }
  override async client(): Promise<StripeDoor> {
    return this.door;
  }
  override ask<T extends object>(
    _: StoreId,
    call: (stripe: Stripe, door: StripeDoor) => Promise<T>,
  ): Promise<T> {
    return askStripe(() => call(this.door.stripe, this.door), { deadlineMs: this.deadlineMs });
  }
  override async webhookSecrets(): Promise<readonly string[]> {
    return [];
  }
}

let sandbox: StripeSandbox;
let owner: ReturnType<typeof anOwner>;
let stripe: Stripe;
let accounts: OneDoor;
let books: SdkStripeBooks;
let account: string;
let asked: StripeCall[];

beforeEach(async () => {
  sandbox = await aSandbox({ captureDelayMs: 1000, refundDelayMs: 30 * day * 1000 });
  owner = anOwner(sandbox);
  await owner.call('POST', 'clock', { freeze: true });
  const { id, secretKey } = await owner.anAccount();
  account = id;
  asked = [];
  stripe = aClient(sandbox, secretKey);
  accounts = new OneDoor({
    stripe: recorded(stripe, (call) => asked.push(call)),
    account: id,
    livemode: false,
  });
  books = new SdkStripeBooks(accounts);
});
afterEach(async () => {
  await sandbox.close();
  expect(misshapen.splice(0)).toEqual([]);
  const schemas: Readonly<Record<string, string>> = {
    'balanceTransactions.list': 'balance_transaction_list',
    'payouts.list': 'payout_list',
  };
  for (const call of asked) {
    const schema = schemas[call.name];
    if (schema) assertStripeParams(schema, paramsOf(call));
  }
});

async function seconds(): Promise<number> {
  return Number((await owner.call('GET', 'clock'))['unix']);
}

const at = (unix: number) => new Date(unix * 1000).toISOString();
const around = async () => ({ from: at((await seconds()) - 60), to: at((await seconds()) + 60) });

/** Paid, under a payment of ours unless told otherwise; booked a second later. */
async function paid(more: object = {}): Promise<string> {
  const { latest_charge } = await stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: 'pm_card_visa',
    confirm: true,
    metadata: { store, payment },
    ...more,
  });
  return String(latest_charge);
}
const booked = () => owner.advance(2);

describe('Stripe’s bookings of a period', () => {
  test('are charges with the payment that they name, what the customer paid, and what Stripe kept', async () => {
    const charge = await paid();
    await booked();
    expect(await books.bookings(store, await around())).toEqual([
      {
        id: expect.stringMatching(/^txn_/),
        kind: 'charge',
        category: 'charge',
        source: charge,
        charge,
        payment,
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
        amount: 10_000,
        currency: 'usd',
        balance: { amount: 10_000, currency: 'usd', fee: 320, net: 9_680 },
      },
    ]);
  });

  test('name no payment where another store’s, or nobody’s, is named', async () => {
    await paid({ metadata: { store: 'store_2', payment } });
    await paid({ metadata: {} });
    await booked();
    const found = await books.bookings(store, await around());
    expect(found.map(({ payment }) => payment)).toEqual([null, null]);
  });

  test('are refunds with their charge, and their return where they failed', async () => {
    const charge = await paid({ payment_method: 'pm_card_refundFail' });
    await booked();
    const refund = await stripe.refunds.create({ charge, amount: 4_000 });
    await owner.call('POST', `refunds/${refund.id}/fail`, {});
    const found = await books.bookings(store, await around());
    expect(found.filter(({ source }) => source === refund.id)).toMatchObject([
      { kind: 'refund_return', charge, amount: 4_000, currency: 'usd' },
      { kind: 'refund', charge, amount: -4_000, currency: 'usd' },
    ]);
  });

  test('are disputes with their charge, and their return where they were won', async () => {
    const charge = await paid();
    await booked();
    const dispute = await owner.call('POST', `charges/${charge}/dispute`, { amount: 10_000 });
    await owner.call('POST', `disputes/${String(dispute['id'])}/win`, {});
    const found = await books.bookings(store, await around());
    expect(found.filter(({ source }) => source === dispute['id'])).toMatchObject([
      { kind: 'dispute_return', charge, amount: 10_000 },
      { kind: 'dispute', charge, amount: -10_000 },
    ]);
  });

  test('are all there, however many pages they fill, and none of them is of another period', async () => {
    for (let count = 0; count < 120; count++) await paid();
    await booked();
    const period = await around();
    expect(new Set((await books.bookings(store, period)).map(({ id }) => id)).size).toBe(120);
    expect(await books.bookings(store, { from: period.to, to: at((await seconds()) + day) })).toEqual([]);
  });
});

describe('the standing of a source', () => {
  test('is its bookings, whenever they were made', async () => {
    const charge = await paid();
    await booked();
    await owner.advance(9 * day);
    expect(await books.standing(store, charge)).toMatchObject({
      bookings: [{ kind: 'charge', source: charge, payment }],
      unbooked: [],
    });
  });

  test('is unbooked while Stripe has taken the money and not booked it', async () => {
    expect(await books.standing(store, await paid())).toEqual({ bookings: [], unbooked: ['charge'] });
  });

  test('is nothing where Stripe does not know it', async () => {
    for (const unknown of ['ch_unknown', 're_unknown', 'dp_unknown'])
      expect(await books.standing(store, unknown)).toEqual({ bookings: [], unbooked: [] });
  });
});

describe('payouts', () => {
  test('say what is in them, and its sum once Stripe has made it up', async () => {
    const { from } = await around();
    const charge = await paid();
    await booked();
    await owner.advance(3 * day);
    const to = at((await seconds()) + 60);
    const begun = await books.payouts(store, { from, to });
    expect(begun).toMatchObject([
      {
        id: expect.stringMatching(/^po_/),
        amount: 9_680,
        currency: 'usd',
        sum: null,
        bookings: [{ source: charge }],
      },
    ]);
    await owner.advance(day);
    expect(await books.payouts(store, { from, to })).toMatchObject([{ amount: 9_680, sum: 9_680 }]);
    expect(await books.payouts(store, { from: to, to: at((await seconds()) + 60) })).toEqual([]);
  });
});

describe('where Stripe does not show its books', () => {
  test('silence and too many calls are no answer', async () => {
    accounts.deadlineMs = 80;
    for (const effect of ['hang_before', 'rate_limit', 'html_502']) {
      await owner.fault(effect, { account });
      await expect(books.bookings(store, await around())).rejects.toThrow(BooksUnreachable);
      await owner.heal();
    }
  });

  test('a request that Stripe will never grant is refused', async () => {
    const backwards = books.bookings(store, { from: 'no date', to: 'no date' });
    await expect(backwards).rejects.toThrow(BooksRefused);
  });

  test('a right that the key lacks is one that it may be given', async () => {
    await owner.fault({ kind: 'status_before', status: 403 }, { account });
    await expect(books.bookings(store, await around())).rejects.toThrow(BooksForbidden);
  });

  test('a key that was taken back disconnects the store', async () => {
    await owner.call('POST', `accounts/${account}/revoke_key`);
    const failure = await books.bookings(store, await around()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Refusal);
    expect(failure).toMatchObject({ code: 'store_disconnected' });
  });
});

describe('a balance that is kept in another currency than the customer paid in', () => {
  const converted = (source: object, amount: number) =>
    toBooking(store, {
      id: 'txn_1',
      amount,
      currency: 'eur',
      fee: 0,
      net: amount,
      created: 0,
      reporting_category: amount < 0 ? 'refund' : 'charge',
      source,
    } as Stripe.BalanceTransaction);

  test('is told as what the customer paid, and as what came of it', () => {
    const charge = { id: 'ch_1', object: 'charge', amount: 10_000, amount_captured: 9_000, currency: 'usd' };
    expect(converted(charge, 8_300)).toMatchObject({
      amount: 9_000,
      currency: 'usd',
      balance: { amount: 8_300, currency: 'eur' },
    });
    const refund = { id: 're_1', object: 'refund', amount: 500, currency: 'usd', charge: 'ch_1' };
    expect(converted(refund, -460)).toMatchObject({ amount: -500, currency: 'usd', charge: 'ch_1' });
  });
});
