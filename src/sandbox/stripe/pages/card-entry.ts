import type { World } from '../engine/world.js';
import type { Expiry } from '../objects/payment-method.js';
import { cardNumbered, passesLuhn, type TestCard, testCards } from '../payments/test-cards.js';
import { type Html, html } from './html.js';

/** What stands in the card form's fields. */
export type Entry = Readonly<Record<'cardnumber' | 'exp' | 'cvc' | 'name' | 'email', string>>;
export type Faults = Partial<Record<keyof Entry, string>>;

export type Read =
  | Readonly<{ kind: 'card'; card: TestCard; expiry: Expiry }>
  | Readonly<{ kind: 'faults'; faults: Faults }>
  | Readonly<{ kind: 'real_card' }>;

export function entryOf(form: URLSearchParams): Entry {
  const value = (name: string) => (form.get(name) ?? '').trim().slice(0, 200);
  return {
    cardnumber: value('cardnumber'),
    exp: value('exp'),
    cvc: value('cvc'),
    name: value('name'),
    email: value('email'),
  };
}

/** The fields with a test card filled in. */
export function filled({ clock }: World, entry: Entry, name: string): Entry {
  const card = testCards.find((each) => each.name === name);
  if (!card) return entry;
  const year = (new Date(clock.now).getUTCFullYear() + 4) % 100;
  const cvc = card.brand === 'amex' ? '1234' : '123';
  return { ...entry, cardnumber: spaced(card.number), exp: `12 / ${year}`, cvc };
}

/** Which card it is, or what is wrong with the fields. */
export function readCard(world: World, entry: Entry): Read {
  const number = entry.cardnumber.replaceAll(/[\s-]/g, '');
  const expiry = expiryOf(entry.exp);
  const faults: Faults = {
    ...numberFault(number),
    ...expiryFault(world, entry.exp, expiry),
    ...cvcFault(number, entry.cvc),
  };
  if (Object.keys(faults).length > 0 || !expiry) return { kind: 'faults', faults };
  const card = cardNumbered(number);
  return card ? { kind: 'card', card, expiry } : { kind: 'real_card' };
}

function numberFault(number: string): Faults {
  if (number === '') return { cardnumber: 'Enter the card number.' };
  if (!/^\d{13,19}$/.test(number)) return { cardnumber: 'Your card number is incomplete.' };
  return passesLuhn(number) ? {} : { cardnumber: 'Your card number is invalid.' };
}

function expiryFault({ clock }: World, text: string, expiry: Expiry | undefined): Faults {
  if (text === '') return { exp: 'Enter the expiry date.' };
  if (!expiry) return { exp: 'Your card’s expiration date is incomplete: write it as MM / YY.' };
  const now = new Date(clock.now);
  const past = expiry.year * 12 + expiry.month < now.getUTCFullYear() * 12 + now.getUTCMonth() + 1;
  return past ? { exp: 'Your card’s expiration date is in the past.' } : {};
}

function cvcFault(number: string, cvc: string): Faults {
  if (cvc === '') return { cvc: 'Enter the security code.' };
  const length = /^3[47]/.test(number) ? 4 : 3;
  return /^\d+$/.test(cvc) && cvc.length === length
    ? {}
    : { cvc: 'Your card’s security code is incomplete.' };
}

function expiryOf(text: string): Expiry | undefined {
  const [, month = '', year = ''] = /^(\d{1,2})\s*\/?\s*(\d{2}|\d{4})$/.exec(text) ?? [];
  const known = { month: Number(month), year: year.length === 2 ? 2000 + Number(year) : Number(year) };
  return known.month >= 1 && known.month <= 12 && year !== '' ? known : undefined;
}

/** As printed on the card: 4-4-4-4, or 4-6-5. */
function spaced(number: string): string {
  if (number.length === 15) return [number.slice(0, 4), number.slice(4, 10), number.slice(10)].join(' ');
  return (number.match(/\d{1,4}/g) ?? []).join(' ');
}

export type FieldLook = Readonly<{
  label: string;
  type?: 'text' | 'email';
  hint: string;
  mode?: string;
  locked?: boolean;
}>;

export function field(name: keyof Entry, entry: Entry, faults: Faults, look: FieldLook): Html {
  const { label, type = 'text', hint, mode, locked } = look;
  const wrong = faults[name];
  return html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${entry[name]}" autocomplete="${hint}"${mode && html` inputmode="${mode}"`}${locked && html` readonly`}${wrong && html` aria-invalid="true" aria-describedby="${name}-wrong"`}>${wrong && html`<p class="wrong" id="${name}-wrong">${wrong}</p>`}</div>`;
}

export function cardFields(entry: Entry, faults: Faults): Html {
  return html`${field('cardnumber', entry, faults, { label: 'Card number', hint: 'cc-number', mode: 'numeric' })}
<div class="pair">${field('exp', entry, faults, { label: 'Expiry (MM / YY)', hint: 'cc-exp', mode: 'numeric' })}${field('cvc', entry, faults, { label: 'Security code', hint: 'cc-csc', mode: 'numeric' })}</div>`;
}

/** Cards to click: each fills the form by itself, without a script and without losing what was typed. */
export function cardPicker(form: string, open = false): Html {
  return html`<details${open && html` open`}><summary>Test cards</summary><ul class="cards">${testCards.map(
    (card) =>
      html`<li><button type="submit" form="${form}" name="fill" value="${card.name}" formnovalidate><span>${card.says}</span><code>${spaced(card.number)}</code></button></li>`,
  )}</ul></details>`;
}
