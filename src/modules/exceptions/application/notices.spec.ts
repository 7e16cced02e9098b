import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AnExceptionDesk } from '../../../../test/support/an-exception-desk.js';

let desk: AnExceptionDesk;
beforeEach(async () => {
  desk = await AnExceptionDesk.open();
});
afterEach(() => desk.close());

describe('the merchant', () => {
  test('hears of every exception once, at the store’s notification address', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 10_000, 12_500);
    await desk.tell();
    expect((await desk.exceptions()).map(({ kind }) => kind)).toEqual(['capture_mismatch', 'overpaid']);
    await desk.tellAgain();
    expect(await desk.mails()).toMatchObject([
      { kind: 'exception', to: { address: 'ops@lamps.test' } },
      { kind: 'exception', to: { address: 'ops@lamps.test' } },
    ]);
  });

  test('who heard of an overpayment before there were exceptions does not hear of it again', async () => {
    const order = await desk.anOrder();
    const payment = await desk.paid(order, 12_500);
    await desk.mailedBefore(payment, order);
    await desk.tell();
    expect(await desk.exceptions()).toMatchObject([{ kind: 'overpaid', payment }]);
    expect((await desk.mails()).map(({ kind }) => kind)).toEqual(['overpayment']);
  });

  test('hears of a customer’s mail that was given up, without the address in the queue', async () => {
    const order = await desk.anOrder();
    await desk.lostMail(order);
    await desk.tell();
    const [exception] = await desk.exceptions();
    expect(exception).toMatchObject({ kind: 'mail_undelivered', order, actions: ['retry', 'accept'] });
    expect(exception?.explanation).toBe(
      'The mail “receipt” of order SO-1042 could not be delivered: 550 no mailbox the address',
    );
    expect((await desk.mails()).map(({ kind }) => kind)).toEqual(['receipt', 'exception']);
  });

  test('who cannot be reached by mail is not told so by mail, and no exception begets another', async () => {
    await desk.lostMail(await desk.anOrder(), 'store_integration_error', 'store_01');
    await desk.tell();
    expect(await desk.exceptions()).toHaveLength(1);
    expect((await desk.mails()).map(({ kind }) => kind)).toEqual(['store_integration_error']);
  });
});

describe('a mail that was given up', () => {
  test('goes out again to where its reader is to be found now', async () => {
    const order = await desk.anOrder();
    await desk.lostMail(order);
    await desk.tell();
    const [exception] = await desk.exceptions();
    const after = await desk.resolve(exception?.id ?? 'exc_', 'retry', 'wish_1');
    expect(after.resolution).toMatchObject({ action: 'retry', outcome: 'sent_again' });
    await desk.tellAgain();
    const receipts = (await desk.mails()).filter(({ kind }) => kind === 'receipt');
    expect(receipts.map(({ to }) => to.address)).toEqual(['old@example.test', 'ada@example.test']);
  });
});
