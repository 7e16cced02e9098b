import { randomBytes } from 'node:crypto';
import type { Answer } from '../api/answer.js';
import { Html, html, type Part } from './html.js';
import { style } from './style.js';

export type Page = Readonly<{
  title: string;
  body: Part;
  status?: number;
  /** `narrow` for a single question, `wide` for tables. */
  width?: 'narrow' | 'wide';
  /** Where a form's answer may redirect to, besides this sandbox. */
  formsMayLeadTo?: readonly string[];
  /** Who may show this page in a frame. */
  framedBy?: readonly string[];
  script?: string;
}>;

/** A whole page, with the headers that keep anything foreign out of it. */
export function page({
  title,
  body,
  status = 200,
  width,
  formsMayLeadTo = [],
  framedBy = [],
  script,
}: Page): Answer {
  const nonce = randomBytes(16).toString('base64');
  const leadTo = formsMayLeadTo.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    `form-action ${["'self'", ...leadTo].join(' ')}`,
    "base-uri 'none'",
    `frame-ancestors ${framedBy.length > 0 ? framedBy.join(' ') : "'none'"}`,
  ].join('; ');
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style nonce="${nonce}">${new Html(style)}</style>
</head>
<body>
<div class="ribbon"><strong>TEST</strong> This is a sandbox: no money moves. Never enter a real card.</div>
<main class="${width ?? ''}">${body}</main>
${script !== undefined && html`<script nonce="${nonce}">${new Html(script)}</script>`}
</body>
</html>
`;
  return { status, headers: { ...pageHeaders, 'content-security-policy': policy }, body: document.text };
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

export function redirect(to: string): Answer {
  return { status: 303, headers: { location: to, 'cache-control': 'no-store' }, body: '' };
}

/** A page that only says something. */
export function notice(
  title: string,
  says: string,
  status = 200,
  link?: Readonly<{ href: string; text: string }>,
): Answer {
  return page({
    title,
    status,
    width: 'narrow',
    body: html`<div class="panel"><h1>${title}</h1><p>${says}</p>${link && html`<p><a href="${link.href}">${link.text}</a></p>`}</div>`,
  });
}

/** The address with more to say in its query. */
export function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return target.toString();
}
