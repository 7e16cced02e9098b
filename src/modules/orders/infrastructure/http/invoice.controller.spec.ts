import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody } from '../../../../../test/support/an-order.js';
import { lamps, OrdersApp } from '../../../../../test/support/orders-app.js';
import { Money } from '../../../../shared/domain/money.js';
import { ApplyPayment, ReversePayment, ReverseRefund } from '../../index.js';

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
        order: order.id,
        order_number: 'SO-1042',
        customer: order.customer,
        currency: 'usd',
        lines: orderBody.lines,
        shipping_amount: 400,
        subtotal: 8000,
        tax: 1600,
        total: 10_000,
        payments: [
          {
            payment: `pay_${order.id}-3000`,
            date: expect.stringMatching(/^2026-11-23T/),
            description: 'Card payment',
            amount: 3000,
          },
        ],
        refunds: [],
        refunded: 0,
        credited: 0,
        disputed: 0,
        moved_to_credit: 0,
        written_off: 0,
        balance_due: 7000,
        status: 'partially_paid',
      },
    });
  });

  test('shows what went back, and neither a refund that failed nor a cheque that bounced', async () => {
    const { id } = await app.anOrder();
    const payment = await app.pay(id, 8000);
    const cheque = { order: id, payment: `pay_cheque-${id}`, captured: Money.of(2000, 'usd') } as const;
    await app.commands.execute(new ApplyPayment(cheque, app.context));
    await app.commands.execute(new ReversePayment({ ...cheque, why: 'It bounced' }, app.context));
    const refund = await app.refund(id, payment, 500);
    const failed = await app.refund(id, payment, 600);
    await app.commands.execute(new ReverseRefund({ order: id, refund: failed, why: 'failed' }, app.context));
    await app.dispute(id, payment, 'open', 1000);
    const { body } = await app.call('GET', `/v1/orders/${id}/invoice`);
    expect(body).toMatchObject({
      payments: [{ payment, amount: 8000 }],
      refunds: [{ refund, payment, amount: 500, date: expect.stringMatching(/^2026-11-23T/) }],
      refunded: 500,
      credited: 500,
      disputed: 1000,
      balance_due: 3000,
    });
    const spent = body.refunded + body.disputed - 8000 - body.credited;
    expect(body.total + spent).toBe(body.balance_due);
    const page = await app.document(`/v1/orders/${id}/invoice`, 'text/html');
    expect(page.bytes.toString()).toContain('Credited for returns');
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
      subtotal: 5000,
    });
  });

  test('is a page for browsers and a file for paper', async () => {
    const { id } = await app.anOrder({ customer: { name: '<b>Ada</b>' } });
    const page = await app.document(`/v1/orders/${id}/invoice`, 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      vary: expect.stringContaining('Accept'),
    });
    expect(page.bytes.toString()).toContain('Billed to');
    expect(page.bytes.toString()).not.toContain('<b>Ada');
    const file = await app.document(`/v1/orders/${id}/invoice`, 'application/pdf');
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': expect.stringMatching(/^inline; filename="invoice-INV-\d{6}\.pdf"$/),
    });
    expect(file.bytes.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('of a cancelled order says so', async () => {
    const { id } = await app.anOrder();
    await app.call('POST', `/v1/orders/${id}/cancel`, { body: { refund_policy: 'none' } });
    const { body } = await app.call('GET', `/v1/orders/${id}/invoice`);
    expect(body).toMatchObject({ status: 'cancelled', written_off: 10_000, balance_due: 0 });
  });

  test('is not shown to other stores', async () => {
    const { id } = await app.anOrder();
    expect((await app.call('GET', `/v1/orders/${id}/invoice`, { key: 'key-chairs' })).status).toBe(404);
  });
});
