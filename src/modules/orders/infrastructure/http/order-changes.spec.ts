import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody as order } from '../../../../../test/support/an-order.js';
import { OrdersApp } from '../../../../../test/support/orders-app.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import { ApplyPayment, CompleteCancellation, ReservePayment } from '../../index.js';

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

describe('changing an order', () => {
  test('works on the revision that was seen, and only on that', async () => {
    const { id } = await app.anOrder();
    const patch = (tag: string, total: number) =>
      app.call('PATCH', `/v1/orders/${id}`, {
        body: { total, reason: 'Agreed' },
        headers: { 'if-match': tag },
      });
    expect(await patch('"1"', 1000)).toMatchObject({ status: 412, body: { code: 'revision_mismatch' } });
    const changed = await patch('"2"', 9000);
    expect(changed).toMatchObject({
      status: 200,
      body: { total: 9000, revision: 5 },
      headers: { etag: '"5"' },
    });
    expect(await patch('"2"', 8000)).toMatchObject({ status: 412 });
  });

  test('of two at the same revision lets one through', async () => {
    const { id } = await app.anOrder();
    const patch = (total: number) =>
      app.call('PATCH', `/v1/orders/${id}`, { body: { total }, headers: { 'if-match': '"2"' } });
    const statuses = (await Promise.all([patch(9000), patch(8000), patch(7000)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });

  test('with new lines follows their sum', async () => {
    const { body: made } = await app.call('PUT', '/v1/orders/lined', { body: order });
    const lines = [{ description: 'Desk lamp', unit_amount: 4000, amount: 4000, tax_amount: 800 }];
    const { body } = await app.call('PATCH', `/v1/orders/${made['id']}`, { body: { lines } });
    expect(body).toMatchObject({ total: 5200, lines: [{ quantity: '1', sku: null }] });
    const alone = await app.call('PATCH', `/v1/orders/${made['id']}`, { body: { total: 1 } });
    expect(alone).toMatchObject({ status: 422, body: { code: 'lines_do_not_add_up', expected: 5200 } });
  });

  test('keeps what it does not name', async () => {
    const { body: made } = await app.call('PUT', '/v1/orders/kept', { body: order });
    const { body } = await app.call('PATCH', '/v1/orders/kept', { body: { due_date: '2027-01-31' } });
    expect(body).toEqual({
      ...made,
      due_date: '2027-01-31',
      invoice: { number: made['invoice'].number, revision: 2 },
      revision: 4,
    });
  });

  test('of the total waits for a card that is being charged', async () => {
    const { id } = await app.anOrder();
    const ask = {
      order: id,
      payment: 'pay_busy',
      amount: Money.of(3000, 'usd'),
      channel: 'card',
      instruction: {},
    } as const;
    await app.commands.execute(new ReservePayment(ask, app.context));
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 9000 } });
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'payment_in_flight', retryable: true },
    });
    expect(app.fence.closed).not.toContain(id);
  });

  test('of the total closes an open payment page first, whatever revision that makes', async () => {
    const { id } = await app.anOrder();
    await app.openPage(id);
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, {
      body: { total: 9000 },
      headers: { 'if-match': '"3"' },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { total: 9000, amount_reserved: 0 } });
    expect(app.fence.closed).toContain(id);
  });

  test('is decided anew by the caller where the customer was faster than the closing', async () => {
    const { id } = await app.anOrder();
    const payment = await app.openPage(id);
    app.fence.beforeClosing = () =>
      app.commands.execute(
        new ApplyPayment({ order: id, payment, captured: Money.of(10_000, 'usd') }, app.context),
      );
    const headers = { 'if-match': '"3"' };
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 9000 }, headers });
    app.fence.beforeClosing = async () => undefined;
    expect({ status, code: body['code'] }).toEqual({ status: 412, code: 'revision_mismatch' });
    expect((await app.read(`/v1/orders/${id}`)).body).toMatchObject({
      payment_status: 'paid',
      total: 10_000,
    });
  });
});

describe('cancelling an order', () => {
  const cancel = (id: OrderId, body: object = { refund_policy: 'none' }, headers = {}) =>
    app.call('POST', `/v1/orders/${id}/cancel`, { body, headers });

  test('writes off what was due; again changes nothing; and nothing follows', async () => {
    const { id } = await app.anOrder();
    expect(await cancel(id, { refund_policy: 'none' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    const first = await cancel(id, { refund_policy: 'none', reason: 'Ordered twice' });
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'cancelled', balance_due: 0, amount_written_off: 10_000, revision: 3 },
    });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { revision: 3 } });
    const later = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 1000 } });
    expect(later).toMatchObject({ status: 409, body: { code: 'order_cancelled' } });
  });

  test('says what to do about money that is there', async () => {
    const { id } = await app.anOrder();
    await app.pay(id, 3000);
    expect(await cancel(id)).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', param: '/reason', amount_paid: 3000 },
    });
    expect(await cancel(id, {})).toMatchObject({ status: 422, body: { param: '/refund_policy' } });
    const kept = await cancel(id, { refund_policy: 'none', reason: 'Made to measure' });
    expect(kept).toMatchObject({ status: 200, body: { amount_paid: 3000, balance_due: 0 } });
  });

  test('keeps money as credit of the customer, and then there is nothing left', async () => {
    const { id } = await app.anOrder();
    await app.pay(id, 3000);
    expect(await cancel(id, { refund_policy: 'keep_credit' })).toMatchObject({
      status: 200,
      body: {
        status: 'cancelled',
        amount_paid: 0,
        amount_moved_to_credit: 3000,
        balance_due: 0,
        overpaid: 0,
      },
    });
  });

  test('with refund_all goes on until the money is back, and changes nothing again', async () => {
    const { id } = await app.anOrder();
    const payment = await app.pay(id, 3000);
    const asked = await cancel(id, { refund_policy: 'refund_all', reason: 'Out of stock' });
    expect(asked).toMatchObject({ status: 200, body: { status: 'cancelling', amount_paid: 3000 } });
    expect(await cancel(id, { refund_policy: 'refund_all' })).toMatchObject({ body: asked.body });
    for (const refund_policy of ['none', 'keep_credit']) {
      const other = await cancel(id, { refund_policy, reason: 'Changed my mind' });
      expect(other).toMatchObject({ status: 409, body: { code: 'order_cancelled' } });
    }
    const later = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 1000 } });
    expect(later).toMatchObject({ status: 409, body: { code: 'order_cancelled' } });
    await app.refund(id, payment, 3000);
    expect((await app.read(`/v1/orders/${id}`)).body).toMatchObject({
      status: 'cancelling',
      amount_paid: 0,
      refund_status: 'full',
    });
    await app.commands.execute(new CompleteCancellation({ order: id }, app.context));
    expect((await app.read(`/v1/orders/${id}`)).body).toMatchObject({ status: 'cancelled', balance_due: 0 });
  });

  test('refunds nothing that a dispute may take', async () => {
    const { id } = await app.anOrder();
    await app.dispute(id, await app.pay(id, 3000), 'open', 1000);
    expect(await cancel(id, { refund_policy: 'refund_all' })).toMatchObject({
      status: 409,
      body: { code: 'payment_disputed', disputes: [`dispute_${id}`] },
    });
  });

  test.each([
    ['a policy that there is not', { refund_policy: 'maybe' }, '/refund_policy'],
    ['a reason that is no text', { refund_policy: 'none', reason: 7 }, '/reason'],
    ['an unknown field', { refund_policy: 'none', colour: 'red' }, '/colour'],
  ])('is refused for %s', async (_, body, pointer) => {
    const { id } = await app.anOrder();
    const answer = await cancel(id, body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed', errors: [{ pointer }] } });
  });

  test('closes an open payment page first', async () => {
    const { id } = await app.anOrder();
    await app.openPage(id);
    expect(await cancel(id)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', amount_reserved: 0 },
    });
  });
});

describe('the history of an order', () => {
  test('says who did what, when and why, newest first', async () => {
    const { id } = await app.anOrder();
    await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 3000, reason: 'Agreed on the phone' } });
    await app.pay(id, 3000);
    const { status, body } = await app.read(`/v1/orders/${id}/history`);
    expect(status).toBe(200);
    expect(body['data'].map(({ type, summary }: Record<string, string>) => [type, summary])).toEqual([
      ['order.payment_status_changed', 'The order is paid'],
      ['payment.applied', '30.00 USD counts towards the balance'],
      ['payment.reserved', '30.00 USD was held for a card charge'],
      ['invoice.issued', expect.stringMatching(/^Revision 2 of invoice INV-/)],
      ['order.total_changed', 'The total was changed from 100.00 USD to 30.00 USD'],
      ['order.revised', 'The order was revised'],
      ['invoice.issued', expect.stringMatching(/^Invoice INV-\d{6} was issued$/)],
      ['order.opened', expect.stringMatching(/^Order new-\d+ of 100\.00 USD was opened$/)],
    ]);
    expect(body['data'][5]).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      object: 'history_event',
      type: 'order.revised',
      at: expect.stringMatching(/^2026-11-23T/),
      revision: 3,
      summary: 'The order was revised',
      actor: { type: 'api_key', id: 'key-lamps', name: 'Till 3' },
      reason: 'Agreed on the phone',
      correlation_id: expect.stringMatching(/^req_/),
      causation_id: null,
      stripe: null,
      data: { terms: expect.objectContaining({ total: 3000 }) },
    });
  });

  test('comes in pages', async () => {
    const { id } = await app.anOrder();
    const first = (await app.read(`/v1/orders/${id}/history?limit=1`)).body;
    const rest = (await app.read(`/v1/orders/${id}/history?starting_after=${first['data'][0].id}`)).body;
    expect([first['data'][0].type, first['has_more']]).toEqual(['invoice.issued', true]);
    expect([rest['data'][0].type, rest['has_more']]).toEqual(['order.opened', false]);
  });

  test('is not told to other stores', async () => {
    const { id } = await app.anOrder();
    expect((await app.read(`/v1/orders/${id}/history`, { key: 'key-chairs' })).status).toBe(404);
  });
});
