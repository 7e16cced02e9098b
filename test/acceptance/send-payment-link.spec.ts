import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CARDS, open, payByCard, submit, words } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';

let app: RunningApp;
let store: AStore;

beforeAll(async () => {
  app = await RunningApp.start();
  store = await AStore.connectedTo(app);
}, 30_000);
afterAll(() => app.remove());

const mailTo = (address: string, subject: RegExp): Promise<Json> =>
  eventually(async () => {
    const list: Json = await (
      await fetch(`${app.inboxUrl}/api/messages?to=${encodeURIComponent(address)}`)
    ).json();
    const found = list.find((message: Json) => subject.test(message.subject));
    return found && (await (await fetch(`${app.inboxUrl}/api/messages/${found.id}`)).json());
  });
const someone = () => `customer-${randomUUID().slice(0, 8)}@example.test`;

describe('Send Payment Link', () => {
  test('mails the invoice, the message and a link; the customer pays, and the order becomes Paid', async () => {
    const email = someone();
    const order = await store.anOrder({ customer: { name: 'Ada Lovelace', email } });
    const sent = await store.link(order, { message: 'Thank you!\n<script>alert(1)</script>' });
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      status: 'active',
      rule: 'balance',
      amount: null,
      email,
      mail: { status: 'queued' },
    });

    const mail = await mailTo(email, new RegExp(order));
    expect(mail.text).toContain('Thank you!');
    expect(mail.html).not.toContain('<script>');
    expect(mail.attachments).toEqual([
      expect.objectContaining({
        filename: expect.stringMatching(/^invoice-INV-\d{6}\.pdf$/),
        content_type: 'application/pdf',
      }),
    ]);
    const shown = await store.client.get(`/v1/payment_links/${sent.body.id}`);
    expect(shown.body.mail).toMatchObject({
      status: 'sent',
      attempts: 1,
      message_id: sent.body.mail.message_id,
    });

    const page = await open(mail.links.find((url: string) => url.includes('/pay/')));
    expect(page.status).toBe(200);
    expect(words(page.html)).toContain('100.00 USD');
    expect((await store.order(order)).amount_reserved).toBe(0);

    const back = await payByCard(await submit(page));
    expect(back.url).toContain('/pay/');
    expect(words(back.html)).toMatch(/paid/i);
    expect(await store.until(order, ({ payment_status }) => payment_status === 'paid')).toMatchObject({
      balance_due: 0,
    });

    const transactions = await eventually(async () => {
      const listed = await store.transactions(order);
      return listed.some(({ status }) => status === 'paid') ? listed : undefined;
    });
    expect(transactions.map(({ object, status }) => [object, status]).sort()).toEqual([
      ['payment', 'captured'],
      ['payment_link', 'paid'],
    ]);
    expect(await capturesOf(stripeAccount(app.sandboxUrl), order)).toHaveLength(1);
    const receipt = await mailTo(email, /receipt/i);
    expect(receipt.text).toContain('100.00 USD');
  });

  test('asks for a part, and the order is partially paid', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { amount: 4000, send: false });
    expect(link).toMatchObject({ rule: 'fixed', amount: 4000, mail: null });
    await payByCard(await submit(await open(link.url)));
    expect(await store.until(order, (o) => o.amount_paid > 0)).toMatchObject({
      payment_status: 'partially_paid',
      balance_due: 6000,
    });
  });

  test('shows what is due at the moment of paying, not at the moment of sending', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await store.charge(order, { amount: 3000 });
    expect(words((await open(link.url)).html)).toContain('70.00 USD');
    await payByCard(await submit(await open(link.url)));
    expect(await store.until(order, (o) => o.payment_status === 'paid')).toMatchObject({
      amount_captured: 10000,
    });
  });

  test('lets a customer whose card is declined try another', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const declined = await payByCard(await submit(await open(link.url)), CARDS.declined);
    expect(words(declined.html)).toMatch(/declined/i);
    await payByCard(declined);
    expect(await store.until(order, (o) => o.payment_status === 'paid')).toMatchObject({
      amount_captured: 10000,
    });
  });

  test('hands a link over without a mail for a customer who has no address', async () => {
    const order = await store.anOrder({ customer: { name: 'Ada Lovelace', email: null } });
    expect((await store.link(order)).body.errors).toEqual([expect.objectContaining({ pointer: '/email' })]);
    const { body: link } = await store.link(order, { send: false });
    expect(link).toMatchObject({ email: null, mail: null });
    await submit(await submit(await open(link.url)), {
      email: 'ada@example.test',
      cardnumber: CARDS.visa,
      exp: '12 / 30',
      cvc: '123',
      name: 'Ada Lovelace',
    });
    expect(await store.until(order, (o) => o.payment_status === 'paid')).toMatchObject({ balance_due: 0 });
  });

  test.each([
    [{ amount: 10001 }, 409, 'amount_exceeds_balance'],
    [{ amount: 20 }, 422, 'amount_below_minimum'],
    [{ amount: 9980 }, 422, 'amount_leaves_unpayable_rest'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 422, 'validation_failed'],
    [{ email: 'a@b.test, c@d.test' }, 422, 'validation_failed'],
  ])('refuses %j', async (body, status, code) => {
    const reply = await store.link(await store.anOrder(), body);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
  });
});

describe('a link that is over', () => {
  test('by revocation says so and takes nothing', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const page = await open(link.url);
    expect((await store.client.post(`/v1/payment_links/${link.id}/revoke`)).body.status).toBe('revoked');
    expect((await open(link.url)).status).toBe(410);
    expect((await submit(page)).status).toBe(410);
    expect((await store.order(order)).amount_reserved).toBe(0);
  });

  test('by revocation while the customer has the page open closes the page at Stripe', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const hosted = await submit(await open(link.url));
    await store.client.post(`/v1/payment_links/${link.id}/revoke`);
    const late = await payByCard(hosted).catch(() => undefined);
    expect(words(late?.html ?? '')).not.toMatch(/thank you/i);
    expect(await capturesOf(stripeAccount(app.sandboxUrl), order)).toHaveLength(0);
    expect(await store.order(order)).toMatchObject({ payment_status: 'unpaid', amount_reserved: 0 });
  });

  test('because it was paid cannot be revoked', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await payByCard(await submit(await open(link.url)));
    await store.until(order, (o) => o.payment_status === 'paid');
    const reply = await store.client.post(`/v1/payment_links/${link.id}/revoke`);
    expect([reply.status, reply.body.code]).toEqual([409, 'link_paid']);
  });

  test('because the order was settled another way says that it is paid', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await store.charge(order);
    const page = await open(link.url);
    expect(page.status).toBe(200);
    expect(words(page.html)).toMatch(/paid/i);
    expect(page.html).not.toMatch(/<form/i);
  });

  test('because the order was cancelled says so', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await store.client.post(`/v1/orders/${order}/cancel`, { refund_policy: 'none', reason: 'out of stock' });
    const page = await open(link.url);
    expect(page.status).toBe(410);
    expect(words(page.html)).toMatch(/cancel/i);
  });

  test('looks the same whether it was never made or is misspelt', async () => {
    const { body: link } = await store.link(await store.anOrder(), { send: false });
    const misspelt = `${link.url.slice(0, -1)}${link.url.endsWith('A') ? 'B' : 'A'}`;
    const [never, wrong] = [await open(`${app.url}/pay/${'x'.repeat(64)}`), await open(misspelt)];
    expect([never.status, wrong.status]).toEqual([404, 404]);
    expect(wrong.html).toBe(never.html);
  });
});

describe('the fence', () => {
  test('closes an open page before a card is charged', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const hosted = await submit(await open(link.url));
    expect(await store.order(order)).toMatchObject({ amount_reserved: 10000 });
    expect((await store.charge(order)).status).toBe(201);
    await payByCard(hosted).catch(() => undefined);
    expect(await capturesOf(stripeAccount(app.sandboxUrl), order)).toHaveLength(1);
    expect(await store.order(order)).toMatchObject({ payment_status: 'paid', amount_captured: 10000 });
  });

  test('finds that the customer was faster, and the charge is refused as settled', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await payByCard(await submit(await open(link.url)));
    const reply = await store.charge(order);
    expect([reply.status, reply.body.code]).toEqual([409, 'order_settled']);
    expect(await capturesOf(stripeAccount(app.sandboxUrl), order)).toHaveLength(1);
  });

  test('can be asked not to disturb the customer', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await submit(await open(link.url));
    const reply = await store.charge(order, { on_open_session: 'reject' });
    expect([reply.status, reply.body.code]).toEqual([409, 'payment_in_flight']);
  });

  test('lets the total change while a page is open, and the link asks for the new one', async () => {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await submit(await open(link.url));
    expect(
      (await store.client.patch(`/v1/orders/${order}`, { total: 12000, reason: 'one more' })).status,
    ).toBe(200);
    expect(words((await open(link.url)).html)).toContain('120.00 USD');
  });

  test('gives two people at one link the same page', async () => {
    const { body: link } = await store.link(await store.anOrder(), { send: false });
    const page = await open(link.url);
    const [one, other] = await Promise.all([submit(page), submit(page)]);
    expect(other.url).toBe(one.url);
  });
});

test('disconnecting a store closes its open pages first, and nothing stays held', async () => {
  const other = await AStore.connectedTo(app, 'sk_test_demo_books');
  const order = await other.anOrder();
  const { body: link } = await other.link(order, { send: false });
  const hosted = await submit(await open(link.url));
  expect((await other.client.post(`/v1/stores/${other.id}/disconnect`)).body.status).toBe('disconnected');
  await payByCard(hosted).catch(() => undefined);
  expect(await capturesOf(stripeAccount(app.sandboxUrl, 'sk_test_demo_books'), order)).toHaveLength(0);
  expect(await other.order(order)).toMatchObject({ payment_status: 'unpaid', amount_reserved: 0 });
  expect((await open(link.url)).status).toBe(503);
  expect((await other.charge(order)).body.code).toBe('store_disconnected');
});
