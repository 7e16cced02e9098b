import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ABookkeeper, chargeOf, keyRefused, rightMissing } from '../../../../../test/support/a-bookkeeper.js';
import { settled } from '../../../../../test/support/virtual-clock.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { BooksRefused, BooksUnreachable } from '../ports/stripe-books.port.js';

const day = { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' };

let bookkeeper: ABookkeeper;
beforeEach(async () => {
  bookkeeper = new ABookkeeper();
  await bookkeeper.start();
});
afterEach(() => bookkeeper.close());

/** Asks for a run of the day, and tells what has come of it once the policy had its turn. */
async function aRun(id: `recon_${string}` = 'recon_1') {
  await bookkeeper.request(id, day);
  await settled(50);
  return bookkeeper.run(id);
}

const kinds = ({ differences }: Awaited<ReturnType<typeof aRun>>) => differences.map(({ kind }) => kind);

describe('a run', () => {
  test('of books that tell the same is clean', async () => {
    await bookkeeper.aPayment('pay_1');
    bookkeeper.book('pay_1');
    expect(await aRun()).toMatchObject({
      status: 'clean',
      ledger_total: 10_000,
      stripe_total: 10_000,
      matched: 1,
      differences: [],
    });
  });

  test('of a day without money is clean too, and names no currency', async () => {
    expect(await aRun()).toMatchObject({ status: 'clean', currency: null, ledger_total: 0, totals: [] });
  });

  test('names what our log has and Stripe does not know', async () => {
    await bookkeeper.aPayment('pay_1');
    const run = await aRun();
    expect(run).toMatchObject({ status: 'different', ledger_total: 10_000, stripe_total: 0 });
    expect(run.differences).toMatchObject([{ kind: 'unknown_at_stripe', payment: 'pay_1', amount: -10_000 }]);
  });

  test('hears first what our log has not heard, its money and its fee', async () => {
    await bookkeeper.anUnheardPayment('pay_1');
    bookkeeper.book('pay_1');
    expect(await aRun()).toMatchObject({ status: 'clean', ledger_total: 10_000 });
    expect(await bookkeeper.state('pay_1')).toMatchObject({ status: 'captured', fee: { fee: 320 } });
  });

  test('waits where Stripe was asked what became of a payment, and nobody answered', async () => {
    await bookkeeper.anUnheardPayment('pay_1');
    bookkeeper.onLook = () => {
      throw new Refusal('stripe_unreachable', 'no answer');
    };
    bookkeeper.book('pay_1');
    expect(await aRun()).toMatchObject({ status: 'running' });
    bookkeeper.onLook = () => undefined;
    await bookkeeper.clock.advance(600_000);
    await settled(50);
    expect(await bookkeeper.run('recon_1')).toMatchObject({ status: 'clean', ledger_total: 10_000 });
  });

  test('tells whoever asked for it that the key may not look at a payment', async () => {
    await bookkeeper.anUnheardPayment('pay_1');
    bookkeeper.book('pay_1');
    bookkeeper.onLook = rightMissing;
    expect(await aRun()).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('may not read'),
    });
    bookkeeper.onLook = () => undefined;
    expect(await aRun('recon_2')).toMatchObject({ status: 'clean' });
  });

  test('leaves to the next what Stripe books while it is under way', async () => {
    await bookkeeper.anUnheardPayment('pay_1');
    bookkeeper.book('pay_1');
    await bookkeeper.anUnheardPayment('pay_2');
    bookkeeper.onLook = () => bookkeeper.book('pay_2');
    expect(await aRun()).toMatchObject({ status: 'clean', ledger_total: 10_000, stripe_total: 10_000 });
    bookkeeper.onLook = () => undefined;
    expect(await aRun('recon_2')).toMatchObject({ status: 'clean', ledger_total: 20_000 });
  });

  test('does not look at a payment of another store, whatever Stripe’s metadata says', async () => {
    await bookkeeper.anUnheardPayment('pay_1', 10_000, 'store_9');
    bookkeeper.book('pay_1');
    expect(kinds(await aRun())).toEqual(['missing_here']);
    expect(await bookkeeper.state('pay_1')).toMatchObject({ status: 'processing' });
  });

  test('names what is booked under a payment of ours and is not in our log after looking', async () => {
    bookkeeper.book('pay_9');
    expect(kinds(await aRun())).toEqual(['missing_here']);
  });

  test('finds a booking that was made days later, and knows one that is still to come', async () => {
    await bookkeeper.aPayment('pay_1');
    await bookkeeper.aPayment('pay_2');
    bookkeeper.book('pay_1', { at: '2026-11-23T08:00:00.000Z' });
    bookkeeper.books.unbooked.set(chargeOf('pay_2'), ['charge']);
    const run = await aRun();
    expect(kinds(run).sort()).toEqual(['booked_in_another_period', 'not_booked_yet']);
    expect(run).toMatchObject({ status: 'clean', ledger_total: 0, stripe_total: 0 });
  });

  test('keeps with each payment the payout that it went out in', async () => {
    await bookkeeper.aPayment('pay_1');
    bookkeeper.book('pay_1');
    const at = '2026-11-20T10:00:00.000Z';
    const bookings = bookkeeper.books.booked;
    bookkeeper.books.paidOut = [{ id: 'po_1', amount: 9_680, currency: 'usd', at, sum: 9_680, bookings }];
    await bookkeeper.clock.advance(2 * 3_600_000);
    expect(await aRun()).toMatchObject({ status: 'clean' });
    expect((await bookkeeper.state('pay_1')).payout).toBe('po_1');
  });

  test('knows what somebody has said of the same difference before', async () => {
    await bookkeeper.aPayment('pay_1');
    const [difference] = (await aRun()).differences;
    await bookkeeper.explain('recon_1', difference?.id ?? '', 'The account was moved.');
    expect(await bookkeeper.run('recon_1')).toMatchObject({ status: 'clean', unexplained_count: 0 });
    await settled(20);
    const again = await aRun('recon_2');
    expect(again).toMatchObject({ status: 'clean', difference_count: 1 });
    expect(again.differences).toMatchObject([{ explanation: 'The account was moved.' }]);
  });

  test('has the same digest for the same books, and another one for others', async () => {
    await bookkeeper.aPayment('pay_1');
    bookkeeper.book('pay_1');
    const [first, second] = [await aRun('recon_1'), await aRun('recon_2')];
    expect(second.digest).toBe(first.digest);
    bookkeeper.book('pay_2');
    expect((await aRun('recon_3')).digest).not.toBe(first.digest);
  });
});

describe('a run that cannot be carried out', () => {
  test('goes on when Stripe answers again', async () => {
    bookkeeper.books.failures.push(new BooksUnreachable('silence'), new BooksUnreachable('silence'));
    expect(await aRun()).toMatchObject({ status: 'running' });
    await bookkeeper.clock.advance(600_000);
    await settled(50);
    expect(await bookkeeper.run('recon_1')).toMatchObject({ status: 'clean' });
  });

  test('fails for good where Stripe refuses to show its books', async () => {
    bookkeeper.books.failures.push(new BooksRefused('not allowed'));
    expect(await aRun()).toMatchObject({ status: 'failed', failure: 'not allowed', ledger_total: null });
  });

  test('tells whoever asked for it at once that Stripe refuses the key of the store', async () => {
    bookkeeper.books.failures.push(keyRefused());
    expect(await aRun()).toMatchObject({
      status: 'failed',
      failure: 'store_disconnected: Stripe no longer accepts the key.',
    });
  });

  test('goes on in the next life, where this one ends in the middle', async () => {
    await bookkeeper.aPayment('pay_1');
    bookkeeper.book('pay_1');
    bookkeeper.books.failures.push(new BooksUnreachable('silence'));
    expect(await aRun()).toMatchObject({ status: 'running' });
    await bookkeeper.restart();
    await bookkeeper.start();
    await settled(50);
    expect(await bookkeeper.run('recon_1')).toMatchObject({ status: 'clean', matched: 1 });
  });

  test('holds up no stop, and is begun again by the next life', async () => {
    await bookkeeper.aPayment('pay_1');
    bookkeeper.book('pay_1');
    const silence = Promise.withResolvers<never>();
    bookkeeper.books.waiting = silence.promise;
    expect(await aRun()).toMatchObject({ status: 'running' });
    bookkeeper.books.waiting = undefined;
    await bookkeeper.restart();
    await bookkeeper.start();
    await settled(50);
    expect(await bookkeeper.run('recon_1')).toMatchObject({ status: 'clean', matched: 1 });
    silence.reject(new BooksUnreachable('silence'));
  });

  test('is carried out once, however many wait for it', async () => {
    await bookkeeper.request('recon_1', day);
    await Promise.all([bookkeeper.carryOut('recon_1'), bookkeeper.carryOut('recon_1')]);
    expect((await bookkeeper.run('recon_1')).revision).toBe(2);
  });
});

describe('a difference that nobody has explained', () => {
  const opened = ['ExceptionOpened', 'Our log has 100.00 USD for ch_pay_1; Stripe does not know it.'];

  test('is one exception, however many runs find it, and ends when it is explained', async () => {
    await bookkeeper.aPayment('pay_1');
    const [difference] = (await aRun('recon_1')).differences;
    await aRun('recon_2');
    expect(await bookkeeper.exceptions()).toEqual([opened]);
    await bookkeeper.explain('recon_2', difference?.id ?? '', 'The account was moved.');
    await settled(50);
    expect(await bookkeeper.exceptions()).toEqual([
      opened,
      ['ExceptionResolved', 'Somebody has explained it: The account was moved.'],
    ]);
  });

  test('needs nobody any more once a later run no longer finds it', async () => {
    await bookkeeper.aPayment('pay_1');
    await aRun('recon_1');
    bookkeeper.book('pay_1');
    expect(await aRun('recon_2')).toMatchObject({ status: 'clean' });
    expect(await bookkeeper.exceptions()).toEqual([
      opened,
      ['ExceptionResolved', 'A later run found that the books agree there.'],
    ]);
  });

  test('of another time is left alone by a run that did not look there', async () => {
    await bookkeeper.aPayment('pay_1');
    await aRun('recon_1');
    const dayBefore = { from: '2026-11-19T00:00:00.000Z', to: day.from };
    await bookkeeper.request('recon_2', dayBefore);
    await settled(50);
    expect(await bookkeeper.run('recon_2')).toMatchObject({ status: 'clean' });
    expect(await bookkeeper.exceptions()).toEqual([opened]);
  });
});
