import type { Answer } from '../api/answer.js';
import type { Cause, World } from '../engine/world.js';
import type { CheckoutSession } from '../objects/checkout-session.js';
import { nobody } from '../objects/shared.js';
import { shown } from '../payments/currencies.js';
import { makeMethod } from '../payments/saved-cards.js';
import { paySession, type Session, type SessionOutcome } from '../payments/sessions.js';
import {
  cardFields,
  cardPicker,
  type Entry,
  entryOf,
  type Faults,
  field,
  filled,
  readCard,
} from './card-entry.js';
import { type Html, html } from './html.js';
import { notice, page, redirect } from './page.js';

type View = Readonly<{
  entry: Entry;
  faults?: Faults;
  alert?: string | undefined;
  status?: number;
  picking?: boolean;
}>;

const notATestCard =
  'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, open “Test cards” below.';

export function showCheckout(world: World, id: string, retrying: boolean): Answer {
  const session = world.books.sessions.find(id);
  if (!session) return notice('Page not found', 'This payment page does not exist.', 404);
  if (session.object.status !== 'open') return closed(session.object);
  return form(world, session, {
    entry: knownOf(world, session.object),
    ...(retrying && { alert: lastFailure(world, session), status: 402 }),
  });
}

export async function submitCheckout(world: World, id: string, sent: URLSearchParams): Promise<Answer> {
  const session = world.books.sessions.find(id);
  if (!session) return notice('Page not found', 'This payment page does not exist.', 404);
  const { object, note } = session;
  if (object.status === 'complete') return redirect(successUrl(object));
  if (object.status === 'expired') return closed(object);
  const known = knownOf(world, object);
  const typed = entryOf(sent);
  const entry = known.email === '' ? typed : { ...typed, email: known.email };
  const fill = sent.get('fill');
  if (fill !== null) return form(world, session, { entry: filled(world, entry, fill) });
  const earlier = note.tries[sent.get('try') ?? ''];
  if (earlier !== undefined) return form(world, session, { entry, alert: earlier, status: 402 });
  const read = readCard(world, entry);
  const faults = { ...(read.kind === 'faults' && read.faults), ...emailFault(entry.email) };
  if (Object.keys(faults).length > 0) return form(world, session, { entry, faults, status: 422 });
  if (read.kind !== 'card')
    return form(world, session, { entry, alert: notATestCard, status: 402, picking: true });
  const outcome = world.books.commit(() => {
    const cause: Cause = { account: session.account, requestId: null, idempotencyKey: null };
    const billing = { ...nobody, email: entry.email || null, name: entry.name || null };
    const method = makeMethod(world, session.account, read.card, billing, read.expiry);
    const done = paySession(world, cause, session, method, billing);
    remember(world, id, sent.get('try'), done);
    return done;
  });
  await world.books.settled();
  const now = world.books.sessions.find(id) ?? session;
  if (outcome.kind === 'complete') return redirect(successUrl(now.object));
  if (outcome.kind === 'challenge') return redirect(outcome.url);
  return form(world, now, { entry, alert: outcome.message, status: 402 });
}

/** The same form sent twice is one try: the second answers as the first did. */
function remember(world: World, id: string, token: string | null, outcome: SessionOutcome): void {
  const row = world.books.sessions.find(id);
  if (!row || token === null || outcome.kind !== 'declined') return;
  const tries = { ...row.note.tries, [token]: outcome.message };
  world.books.sessions.replace(row, row.object, { ...row.note, tries });
}

function emailFault(email: string): Faults {
  if (email === '') return { email: 'Enter your email address.' };
  return /^[^\s@]+@[^\s@]+$/.test(email) ? {} : { email: 'Your email address is incomplete.' };
}

function knownOf({ books }: World, session: CheckoutSession): Entry {
  const customer = session.customer === null ? undefined : books.customers.find(session.customer)?.object;
  const email = session.customer_email ?? customer?.email ?? '';
  return { cardnumber: '', exp: '', cvc: '', name: customer?.name ?? '', email };
}

function lastFailure({ books }: World, { object }: Session): string | undefined {
  const intent = books.paymentIntents.find(object.payment_intent ?? '')?.object.last_payment_error;
  const setup = books.setupIntents.find(object.setup_intent ?? '')?.object.last_setup_error;
  return intent?.message ?? setup?.message;
}

export function successUrl({ id, success_url }: CheckoutSession): string {
  return (success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', id);
}

function closed({ status }: CheckoutSession): Answer {
  if (status === 'complete')
    return notice('You’re all done here', 'This payment has been completed. Thank you.');
  return notice(
    'This payment page has expired',
    'Nothing was charged. Go back to where you came from to start again.',
    410,
  );
}

function form(
  world: World,
  session: Session,
  { entry, faults = {}, alert, status = 200, picking }: View,
): Answer {
  const { object } = session;
  const name = world.books.accounts.find(session.account)?.note.name ?? '';
  const total = object.mode === 'payment' ? shown(object.amount_total ?? 0, object.currency ?? '') : '';
  const action = object.mode === 'payment' ? `Pay ${total}` : 'Save card';
  const locked = knownOf(world, object).email !== '';
  const body = html`${object.cancel_url && html`<a class="back" href="${object.cancel_url}">← Back to ${name}</a>`}
<div class="split">
${summary(session, name, total)}
<section class="panel" aria-labelledby="how">
<h2 id="how">${object.mode === 'payment' ? 'Pay with card' : 'Save a card'}</h2>
${alert && html`<p class="alert" role="alert">${alert}</p>`}
<form id="pay" method="post" action="/c/pay/${object.id}" novalidate>
<input type="hidden" name="try" value="${world.ids.text(24)}">
${field('email', entry, faults, { label: 'Email', type: 'email', hint: 'email', locked })}
${cardFields(entry, faults)}
${field('name', entry, faults, { label: 'Name on card', hint: 'cc-name' })}
<button class="primary" type="submit">${action}</button>
</form>
<p class="quiet">Sandbox checkout. Any future date and any security code will do.</p>
${cardPicker('pay', picking)}
</section>
</div>`;
  const formsMayLeadTo = [successUrl(object)];
  return page({ title: `${action} · ${name}`, body, status, formsMayLeadTo });
}

function summary({ object, note }: Session, name: string, total: string): Html {
  const currency = object.currency ?? '';
  return html`<section aria-label="Order summary">
<h1 class="merchant"><span class="mark" aria-hidden="true">${name.slice(0, 1)}</span>${name}</h1>
<p class="total">${total || 'Save your card'}</p>
<ul class="lines">${note.lineItems.map(
    (line) =>
      html`<li><span>${line.description}${line.quantity > 1 && html`<small>Quantity ${line.quantity}</small>`}</span><span class="amount">${shown(line.amount_total, currency)}</span></li>`,
  )}</ul>
</section>`;
}
