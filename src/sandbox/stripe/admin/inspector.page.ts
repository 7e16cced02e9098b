import type { Answer } from '../api/answer.js';
import type { World } from '../engine/world.js';
import { type Html, html, type Part } from '../pages/html.js';
import { page, redirect } from '../pages/page.js';
import { shown } from '../payments/currencies.js';
import { setClock } from './clock-setting.js';

const rows = 50;

/** All that goes on in the sandbox, on one page. */
export function showInspector(world: World, token: string): Answer {
  const { books, clock, faults, requests } = world;
  const button = (action: string, label: string, id = '') =>
    html`<button type="submit" form="act" name="act" value="${`${action} ${id}`}">${label}</button>`;
  const body = html`<form id="act" method="post" action="/_sandbox?token=${token}"></form>
<section><h1>Stripe sandbox</h1>
<p>It is <strong>${new Date(clock.now).toISOString()}</strong>, at ${clock.current.rate === 0 ? 'a standstill' : `${clock.current.rate} times real speed`}.</p>
<p class="row">${button('advance', 'One hour on', '3600')}${button('advance', 'One day on', '86400')}${button('freeze', 'Freeze')}${button('run', 'Run')}</p></section>
${table(
  'Accounts',
  ['account', 'name', 'key'],
  [...books.accounts.all()].map(({ id, note }) => [id, note.name, keyOf(world, id)]),
)}
${table(
  'Faults',
  ['rule', 'what', ''],
  faults.list().map((rule) => [JSON.stringify(rule), '', button('heal', 'Remove', idOf(rule))]),
)}
${table(
  'Requests',
  ['when', 'request', 'call', 'answer', 'key'],
  requests
    .latest()
    .slice(0, rows)
    .map((each) => [
      time(each.at),
      each.id,
      `${each.method} ${each.path}`,
      `${each.status}${each.replayed ? ', replayed' : ''}${each.fault ? `, ${each.fault}` : ''}, ${each.tookMs.toFixed(1)} ms`,
      each.idempotencyKey,
    ]),
)}
${table(
  'Events',
  ['when', 'event', 'type', 'account', 'undelivered'],
  latest(books.events.all()).map(({ id, account, object, note }) => [
    time(object.created * 1000),
    id,
    object.type,
    account,
    note.undelivered,
  ]),
)}
${table(
  'Deliveries',
  ['event', 'type', 'to', 'state', ''],
  latest(books.deliveries.all()).map(({ object }) => [
    object.event,
    object.type,
    object.url,
    `${object.state} after ${object.attempts}${object.lastStatus ? `, ${object.lastStatus}` : ''}${object.lastError ? `, ${object.lastError}` : ''}`,
    button('resend', 'Send again', object.id),
  ]),
)}
${table(
  'Payments',
  ['intent', 'status', 'amount', 'account'],
  latest(books.paymentIntents.all()).map(({ id, object, account }) => [
    id,
    object.status,
    shown(object.amount, object.currency),
    account,
  ]),
)}
${table(
  'Payouts',
  ['payout', 'status', 'amount', 'account'],
  latest(books.payouts.all()).map(({ id, object, account }) => [
    id,
    object.status,
    shown(object.amount, object.currency),
    account,
  ]),
)}`;
  return page({ title: 'Stripe sandbox', width: 'wide', body });
}

export async function submitInspector(world: World, token: string, sent: URLSearchParams): Promise<Answer> {
  const [action, id = ''] = (sent.get('act') ?? '').split(' ');
  if (action === 'advance') setClock(world, { advance: Number(id) || 0 });
  if (action === 'freeze') setClock(world, { freeze: true });
  if (action === 'run') setClock(world, { freeze: false });
  if (action === 'heal') world.faults.remove(id);
  if (action === 'resend') world.dispatcher.resend(id);
  await world.books.settled();
  return redirect(`/_sandbox?token=${encodeURIComponent(token)}`);
}

function table(title: string, heads: readonly string[], lines: readonly (readonly Part[])[]): Html {
  if (lines.length === 0) return html`<section><h2>${title}</h2><p class="quiet">None.</p></section>`;
  return html`<section><h2>${title}</h2><div class="scroll"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${lines.map((line) => html`<tr>${line.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></section>`;
}

function latest<T>(all: Iterable<T>): T[] {
  return [...all].slice(-rows).reverse();
}

function keyOf({ books }: World, account: string): string {
  const keys = [...books.keys.walk(account, undefined, 1)].filter(({ object }) => object.platform === null);
  return keys.map(({ id, object }) => (object.revoked ? `${id} (revoked)` : id)).join(', ');
}

function idOf(rule: object): string {
  return 'id' in rule ? String(rule.id) : '';
}

function time(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
