import type { Answer } from '../api/answer.js';
import type { World } from '../engine/world.js';
import { newConfirmationToken } from '../objects/confirmation-token.js';
import { newCard } from '../objects/payment-method.js';
import { nobody } from '../objects/shared.js';
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
import { html } from './html.js';
import { notice, page } from './page.js';

type Shown = Readonly<{ entry: Entry; faults?: Faults; alert?: string; status?: number }>;
type Framed = Readonly<{ key: string; account: string; origin: string }>;

const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** A card form for another page's frame. It stands in for Stripe.js: the number stays here, a token goes out. */
export function showCardElement(world: World, query: URLSearchParams): Answer {
  const framed = framedOf(world, query);
  if (!framed) return refusal;
  return form(framed, { entry: { cardnumber: '', exp: '', cvc: '', name: '', email: '' } });
}

export async function submitCardElement(
  world: World,
  query: URLSearchParams,
  sent: URLSearchParams,
): Promise<Answer> {
  const framed = framedOf(world, query);
  if (!framed) return refusal;
  const entry = entryOf(sent);
  const fill = sent.get('fill');
  if (fill !== null) return form(framed, { entry: filled(world, entry, fill) });
  const read = readCard(world, entry);
  if (read.kind === 'faults') return form(framed, { entry, faults: read.faults, status: 422 });
  if (read.kind === 'real_card')
    return form(framed, { entry, alert: 'This is not a test card.', status: 402 });
  const { books, ids, clock } = world;
  const id = ids.next('confirmation_token');
  const billing = { ...nobody, name: entry.name || null };
  const token = newConfirmationToken(id, clock.seconds, newCard(read.card, read.expiry), billing, {});
  const note = { testCard: read.card.name, setUp: false, spent: false };
  books.commit(() => books.confirmationTokens.add(framed.account, id, token, note));
  await books.settled();
  const message = { type: 'confirmation_token', id, card: token.payment_method_preview.card };
  return page({
    title: 'Card ready',
    width: 'narrow',
    framedBy: [framed.origin],
    body: html`<p role="status">Card ending in ${message.card.last4} is ready. <span class="quiet"><code>${id}</code></span></p>`,
    script: `parent.postMessage(${inScript(message)}, ${inScript(framed.origin)});`,
  });
}

/** Nothing in it can end the script. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function framedOf({ books, settings }: World, query: URLSearchParams): Framed | undefined {
  const key = query.get('pk') ?? '';
  const origin = query.get('origin') ?? '';
  const account = [...books.accounts.all()].find(({ note }) => note.publishableKey === key);
  const allowed = loopback.test(origin) || settings.framedBy.includes(origin);
  return account && allowed ? { key, account: account.id, origin } : undefined;
}

const refusal = notice(
  'Not allowed',
  'An unknown publishable key, or a page that may not show this form.',
  403,
);

function form({ key, origin }: Framed, { entry, faults = {}, alert, status = 200 }: Shown): Answer {
  const action = `/elements/card?${new URLSearchParams({ pk: key, origin })}`;
  return page({
    title: 'Card',
    status,
    width: 'narrow',
    framedBy: [origin],
    body: html`${alert && html`<p class="alert" role="alert">${alert}</p>`}
<form id="card" method="post" action="${action}" novalidate>
${cardFields(entry, faults)}
${field('name', entry, faults, { label: 'Name on card', hint: 'cc-name' })}
<button class="primary" type="submit">Use this card</button>
</form>
${cardPicker('card')}`,
  });
}
