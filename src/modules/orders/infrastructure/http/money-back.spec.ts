import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OrdersApp } from '../../../../../test/support/orders-app.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import {
  ApplyPayment,
  DecideLostDispute,
  ResolveExcess,
  ReversePayment,
  ReverseRefund,
} from '../../index.js';

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

const now = async (id: OrderId) => (await app.read(`/v1/orders/${id}`)).body;
const told = async (id: OrderId) =>
  (await app.read(`/v1/orders/${id}/history`)).body.data.map(({ summary }: { summary: string }) => summary);

describe('an order whose money goes back', () => {
  test('stays paid where goods came back, and is as it was where the refund fails', async () => {
    const { id } = await app.anOrder();
    const payment = await app.pay(id, 10_000);
    const paid = await now(id);
    const refund = await app.refund(id, payment, 3000);
    expect(await now(id)).toMatchObject({
      payment_status: 'paid',
      refund_status: 'partial',
      amount_refunded: 3000,
      amount_credited: 3000,
      amount_paid: 7000,
      balance_due: 0,
      paid_at: paid.paid_at,
    });
    await app.commands.execute(new ReverseRefund({ order: id, refund, why: 'failed' }, app.context));
    expect(await now(id)).toEqual({ ...paid, revision: paid.revision + 2 });
    expect((await told(id)).slice(0, 2)).toEqual([
      'The refund of 30.00 USD did not come about',
      'A refund of 30.00 USD counts, and 30.00 USD less is owed',
    ]);
  });

  test('is partially paid where a wrong charge is made good', async () => {
    const { id } = await app.anOrder();
    await app.refund(id, await app.pay(id, 10_000), 4000, 'reopen');
    expect(await now(id)).toMatchObject({
      payment_status: 'partially_paid',
      refund_status: 'partial',
      balance_due: 4000,
      available: 4000,
      paid_at: null,
    });
  });

  test('owes what a dispute took, which is collected once somebody says so', async () => {
    const { id } = await app.anOrder();
    const payment = await app.pay(id, 10_000);
    const dispute = await app.dispute(id, payment, 'open', 4000);
    expect(await now(id)).toMatchObject({
      payment_status: 'partially_paid',
      dispute_status: 'open',
      amount_disputed: 4000,
      amount_contested: 4000,
      balance_due: 4000,
      available: 0,
    });
    await app.dispute(id, payment, 'lost', 4000);
    const ask = { order: id, dispute, decision: 'collect_again' } as const;
    await app.commands.execute(new DecideLostDispute(ask, app.context));
    expect(await now(id)).toMatchObject({ dispute_status: 'lost', amount_contested: 0, available: 4000 });
  });

  test('is paid again where the dispute is won', async () => {
    const { id } = await app.anOrder();
    const payment = await app.pay(id, 10_000);
    await app.dispute(id, payment, 'open', 10_000);
    expect(await now(id)).toMatchObject({ payment_status: 'unpaid', paid_at: null });
    await app.dispute(id, payment, 'won', 0);
    expect(await now(id)).toMatchObject({
      payment_status: 'paid',
      dispute_status: 'won',
      amount_disputed: 0,
    });
  });

  test('is unpaid where a cheque bounced', async () => {
    const { id } = await app.anOrder();
    const ask = { order: id, payment: `pay_cheque-${id}`, captured: Money.of(10_000, 'usd') } as const;
    await app.commands.execute(new ApplyPayment(ask, app.context));
    await app.commands.execute(new ReversePayment({ ...ask, why: 'It bounced' }, app.context));
    expect(await now(id)).toMatchObject({
      payment_status: 'unpaid',
      amount_captured: 0,
      balance_due: 10_000,
    });
  });

  test('keeps what was too much as credit, or asks for that much more', async () => {
    const { id } = await app.anOrder();
    await app.pay(id, 10_000);
    const late = { order: id, payment: `pay_late-${id}`, captured: Money.of(2000, 'usd') } as const;
    await app.commands.execute(new ApplyPayment(late, app.context));
    const some = {
      order: id,
      resolution: 'credit',
      amount: Money.of(500, 'usd'),
      reference: 'exc_1',
    } as const;
    await app.commands.execute(new ResolveExcess(some, app.context));
    await app.commands.execute(new ResolveExcess(some, app.context));
    expect(await now(id)).toMatchObject({ overpaid: 1500, amount_moved_to_credit: 500 });
    const rest = { order: id, resolution: 'raise_total', amount: null } as const;
    await app.commands.execute(new ResolveExcess(rest, app.context));
    expect(await now(id)).toMatchObject({
      payment_status: 'paid',
      total: 11_500,
      overpaid: 0,
      invoice: { revision: 2 },
    });
  });
});

describe('writing off what is due', () => {
  const writeOff = (id: OrderId, body: object, headers = {}) =>
    app.call('POST', `/v1/orders/${id}/write_off`, { body, headers });

  test('asks for it no more, and says why in the history', async () => {
    const { id } = await app.anOrder();
    await app.pay(id, 9900);
    expect(await writeOff(id, { reason: 'Not worth a reminder' })).toMatchObject({
      status: 200,
      body: { amount_written_off: 100, balance_due: 0, payment_status: 'paid' },
    });
    const { data } = (await app.read(`/v1/orders/${id}/history?limit=2`)).body;
    expect(data[1]).toMatchObject({
      type: 'order.balance_written_off',
      summary: '1.00 USD was written off',
      reason: 'Not worth a reminder',
    });
  });

  test('happens once under one key, and on the revision that was seen', async () => {
    const { id } = await app.anOrder();
    const once = () => writeOff(id, { amount: 1000, reason: 'Agreed' }, { 'idempotency-key': 'k-1' });
    expect(await once()).toMatchObject({ status: 200, body: { amount_written_off: 1000 } });
    expect(await once()).toMatchObject({ status: 200, body: { amount_written_off: 1000 } });
    const other = await writeOff(id, { amount: 2000, reason: 'Agreed' }, { 'idempotency-key': 'k-1' });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const stale = await writeOff(id, { amount: 1000, reason: 'Agreed' }, { 'if-match': '"2"' });
    expect(stale).toMatchObject({ status: 412, body: { code: 'revision_mismatch' } });
  });

  test('closes an open payment page first', async () => {
    const { id } = await app.anOrder();
    await app.openPage(id);
    expect(await writeOff(id, { reason: 'Agreed' })).toMatchObject({ status: 200, body: { balance_due: 0 } });
    expect(app.fence.closed).toContain(id);
  });

  test.each<[string, object, number, object]>([
    ['more than is due', { amount: 10_001, reason: 'x' }, 409, { code: 'amount_exceeds_balance' }],
    [
      'all but a little',
      { amount: 9999, reason: 'x' },
      422,
      { code: 'amount_leaves_unpayable_rest', rest: 1 },
    ],
    ['without a reason', {}, 422, { code: 'validation_failed', errors: [{ pointer: '/reason' }] }],
    ['for an empty reason', { reason: '' }, 422, { errors: [{ pointer: '/reason' }] }],
    ['for a reason that nobody can read', { reason: ' \n' }, 422, { errors: [{ pointer: '/reason' }] }],
    ['nothing', { amount: 0, reason: 'x' }, 422, { errors: [{ pointer: '/amount' }] }],
    ['less than nothing', { amount: -1, reason: 'x' }, 422, { errors: [{ pointer: '/amount' }] }],
    ['half a penny', { amount: 0.5, reason: 'x' }, 422, { errors: [{ pointer: '/amount' }] }],
    ['text', { amount: '100', reason: 'x' }, 422, { errors: [{ pointer: '/amount' }] }],
    [
      'with a field that nobody knows',
      { reason: 'x', colour: 'red' },
      422,
      { errors: [{ pointer: '/colour' }] },
    ],
  ])('of %s is refused', async (_, body, status, says) => {
    const { id } = await app.anOrder();
    expect(await writeOff(id, body)).toMatchObject({ status, body: says });
  });

  test('of an order that is settled, cancelled or disputed is refused', async () => {
    const [settled, ended, disputed] = [await app.anOrder(), await app.anOrder(), await app.anOrder()];
    await app.pay(settled.id, 10_000);
    await app.call('POST', `/v1/orders/${ended.id}/cancel`, { body: { refund_policy: 'none' } });
    await app.dispute(disputed.id, await app.pay(disputed.id, 10_000), 'open', 10_000);
    const codes = [settled, ended, disputed].map(async ({ id }) => {
      const { status, body } = await writeOff(id, { reason: 'Agreed' });
      return [status, body.code];
    });
    expect(await Promise.all(codes)).toEqual([
      [409, 'order_settled'],
      [409, 'order_cancelled'],
      [409, 'payment_disputed'],
    ]);
  });

  test('takes an amount that the currency has', async () => {
    const { id } = await app.anOrder({ currency: 'isk' });
    expect(await writeOff(id, { amount: 150, reason: 'Agreed' })).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', param: '/amount', multiple_of: 100 },
    });
  });

  test('is not for a key that may only read, nor for another store', async () => {
    const { id } = await app.anOrder();
    const by = (key: string) =>
      app.call('POST', `/v1/orders/${id}/write_off`, { key, body: { reason: 'Mine' } });
    expect(await by('key-reader')).toMatchObject({ status: 403, body: { required_scope: 'orders:write' } });
    expect(await by('key-chairs')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
