import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody } from '../../../../../test/support/an-order.js';
import { lamps, OrdersApp } from '../../../../../test/support/orders-app.js';

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

describe('the invoice of an order', () => {
  test('holds lines, tax, payments so far and what is due', async () => {
    const { body: order } = await app.call('PUT', '/v1/orders/SO-1042', { body: orderBody });
    await app.pay(order.id, 3000);
    const { status, body } = await app.call('GET', '/v1/orders/SO-1042/invoice');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        object: 'invoice',
        number: 'INV-000001',
        revision: 1,
        livemode: false,
        issued_at: expect.stringMatching(/^2026-11-23T/),
        due_date: '2026-12-24',
        store: { id: lamps, name: 'Lamps & Co' },
        order: { id: order.id, external_id: 'SO-1042', number: 'SO-1042', status: 'open' },
        customer: order.customer,
        currency: 'usd',
        lines: orderBody.lines,
        subtotal: 8000,
        tax_amount: 1600,
        shipping_amount: 400,
        total: 10_000,
        payments: [
          {
            payment: `pay_${order.id}-3000`,
            received_at: expect.stringMatching(/^2026-11-23T/),
            amount: 3000,
          },
        ],
        amount_refunded: 0,
        amount_credited: 0,
        amount_written_off: 0,
        amount_paid: 3000,
        balance_due: 7000,
        overpaid: 0,
        payment_status: 'partially_paid',
      },
    });
  });

  test('keeps its number when it is revised', async () => {
    const { id } = await app.anOrder();
    const first = await app.call('GET', `/v1/orders/${id}/invoice`);
    await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 5000 } });
    const second = await app.call('GET', `/v1/orders/${id}/invoice`);
    expect(second.body).toMatchObject({
      number: first.body.number,
      revision: 2,
      total: 5000,
      subtotal: null,
    });
  });

  test('is not shown to other stores', async () => {
    const { id } = await app.anOrder();
    expect((await app.call('GET', `/v1/orders/${id}/invoice`, { key: 'key-chairs' })).status).toBe(404);
  });
});
