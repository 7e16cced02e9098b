/** A page as a customer without a mouse sees it. */
export type Page = Readonly<{ status: number; url: string; html: string }>;

export const CARDS = {
  visa: '4242424242424242',
  declined: '4000000000000002',
  insufficientFunds: '4000000000009995',
} as const;

/** Opens a page, following redirects the way a browser does. */
export async function open(url: string): Promise<Page> {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  return { status: response.status, url: response.url, html: await response.text() };
}

/** Presses the button of the page's form, with what the page had filled in and what the customer types. */
export async function submit(page: Page, typed: Readonly<Record<string, string>> = {}): Promise<Page> {
  const form = /<form\b[^>]*\bmethod="post"[^>]*>[\s\S]*?<\/form>/i.exec(page.html)?.[0];
  if (!form) throw new Error(`no form to submit at ${page.url}`);
  const fields = new URLSearchParams({ ...filledIn(form), ...typed });
  const action = new URL(attribute(form, 'action') ?? page.url, page.url);
  const response = await fetch(action, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    body: fields.toString(),
  });
  return { status: response.status, url: response.url, html: await response.text() };
}

/** Pays on the hosted page with a card of the sandbox's. */
export function payByCard(page: Page, cardnumber: string = CARDS.visa): Promise<Page> {
  return submit(page, { cardnumber, exp: '12 / 30', cvc: '123', name: 'Ada Lovelace' });
}

/** What is written on a page, without its markup. */
export function words(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&nbsp;| /g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function filledIn(form: string): Record<string, string> {
  const inputs = form.match(/<input\b[^>]*>/gi) ?? [];
  const pairs = inputs
    .filter((input) => !/\btype="(radio|checkbox|submit)"/i.test(input) || /\bchecked\b/i.test(input))
    .map((input) => [attribute(input, 'name'), attribute(input, 'value') ?? ''] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[0] !== undefined));
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value
    ?.replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<');
}
