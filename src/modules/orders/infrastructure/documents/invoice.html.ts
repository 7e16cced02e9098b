import { createHash } from 'node:crypto';
import { markup, verbatim } from '../../../../shared/infrastructure/markup/markup.js';
import { type InvoiceView, invoiceText } from './invoice.js';
import { style } from './invoice.style.js';

/** The invoice as a page, to look at or to print. Nothing on it runs, loads or is framed. */
export function invoiceHtml(
  view: InvoiceView,
): Readonly<{ html: string; headers: Readonly<Record<string, string>> }> {
  const { title, store, standing, facts, billedTo, lines, sums, payments, balance } = invoiceText(view);
  const row = ([name, value]: readonly [string, string]) =>
    markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;
  const html = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}, ${store}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<main>
<header><p class="store">${store}</p><p class="standing ${standing.tone}">${standing.text}</p></header>
<h1>${title}</h1>
<div class="parties">
<section aria-label="Billed to"><h2>Billed to</h2><address>${billedTo.map((line) => markup`<span>${line}</span>`)}</address></section>
<section aria-label="In short"><p class="due"><span>${balance[0]}</span><strong>${balance[1]}</strong></p><table class="facts"><tbody>${facts.map(row)}</tbody></table></section>
</div>
${
  lines.length > 0 &&
  markup`<table class="lines"><caption>What was ordered</caption>
<thead><tr><th scope="col">Description</th><th scope="col">Quantity</th><th scope="col">Unit price</th><th scope="col">Tax</th><th scope="col">Amount</th></tr></thead>
<tbody>${lines.map(
    ({ description, sku, quantity, unit, tax, amount }) =>
      markup`<tr><td>${description}${sku && markup`<small>${sku}</small>`}</td><td data-name="Quantity">${quantity}</td><td data-name="Unit price">${unit}</td><td data-name="Tax">${tax}</td><td data-name="Amount">${amount}</td></tr>`,
  )}</tbody></table>`
}
<table class="sums"><caption>Totals and payments</caption>
<tbody>${sums.map(row)}</tbody><tbody>${payments.map(row)}</tbody>
<tfoot>${row(balance)}</tfoot></table>
</main>
</body>
</html>
`;
  return { html: String(html), headers };
}

const styleHash = createHash('sha256').update(style).digest('base64');
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};
