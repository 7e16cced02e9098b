import { randomUUID } from 'node:crypto';
import { open, payByCard, submit, words } from './customer.js';
import type { Json } from './quittance.client.js';
import type { Stage } from './stage.js';

/** Story 2: a customer is mailed the invoice and a link, pays on the hosted page, and the order is Paid. */
export async function sendPaymentLinkStory(stage: Stage): Promise<void> {
  const { store } = stage;
  const order = `TOUR-${Date.now()}-B`;
  const customer = `zofia+${randomUUID().slice(0, 8)}@example.test`;
  stage.title('Send Payment Link');
  await store.put(`/v1/orders/${order}`, {
    number: order,
    currency: 'eur',
    customer: { name: 'Zofia Wójcik', email: customer },
    lines: [
      { description: 'Pendant light', quantity: '1', unit_amount: 12900, amount: 12900, tax_amount: 2967 },
    ],
    total: 15867,
  });
  stage.tell(`Zofia owes 158.67 EUR on sales order ${order}.`);

  const message = 'Thank you for your order, Zofia! <b>We look forward to lighting your home.</b>';
  const link = await store.post(`/v1/orders/${order}/payment_links`, { message }, { key: randomUUID() });
  stage.expect('The link', link.body.status, 'active');

  const mail = await stage.mail(customer, new RegExp(order));
  stage.tell(`Zofia reads “${mail.subject}”.`);
  stage.expect('The mail holds the message as it was written', mail.text.includes(message), true);
  const invoice = mail.attachments.find((file: Json) => file.content_type === 'application/pdf');
  stage.expect('The invoice is attached', /^invoice-INV-\d{6}\.pdf$/.test(invoice?.filename ?? ''), true);
  const pdf = await stage.attachment(invoice.url);
  stage.expect('It is a PDF', pdf.start, '%PDF-');

  const url = mail.links.find((one: string) => one.includes('/pay/'));
  stage.expect('The mail leads to the link', url, link.body.url);
  const page = await open(url);
  stage.expect('The page shows what is due', words(page.html).includes('158.67 EUR'), true);

  const hosted = await submit(page);
  stage.tell('Zofia presses Pay and comes to the hosted page.');
  const declined = await payByCard(hosted, '4000000000000002');
  stage.expect('A declined card is told on the page', /declined/i.test(words(declined.html)), true);
  const returned = await payByCard(declined);
  stage.tell('She pays with another card and is led back.');

  const paid = await stage.until('Paid', async () => {
    const { body } = await store.get(`/v1/orders/${order}`);
    return body.payment_status === 'paid' ? body : undefined;
  });
  stage.expect('The order', paid.payment_status, 'paid');
  const again = await open(returned.url.replace(/\/return.*/, ''));
  stage.expect('The link now says so', /paid/i.test(words(again.html)), true);

  const { body: transactions } = await store.get(`/v1/orders/${order}/transactions`);
  const payment = transactions.data.find((one: Json) => one.object === 'payment');
  stage.expect('The payment', payment.status, 'captured');
  stage.tell(`It is ${payment.id} here and ${payment.stripe.payment_intent} at Stripe.`);
  const receipt = await stage.mail(customer, /receipt/i);
  stage.tell(`Zofia reads “${receipt.subject}”.`);
}
