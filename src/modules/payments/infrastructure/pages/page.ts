import { createHash } from 'node:crypto';
import {
  type Markup,
  markup,
  type Shown,
  verbatim,
} from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { style } from './page.style.js';

/** A page as it is answered. Nothing on it runs, loads, is framed, kept or found by search engines. */
export type Page = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  html: string;
}>;

export type PageParts = Readonly<{
  status: number;
  title: string;
  /** null where nobody may learn whose page it is. */
  storeName: string | null;
  livemode?: boolean;
  body: Shown;
  /** The page asks again by itself after so many seconds. */
  refreshSeconds?: number;
  /** Where a form on it may lead besides our own address. */
  formLeadsTo?: string;
}>;

const styleHash = createHash('sha256').update(style).digest('base64');

export function page({ status, title, storeName, livemode = true, body, ...parts }: PageParts): Page {
  const { refreshSeconds, formLeadsTo } = parts;
  const store = storeName && oneLine(storeName);
  const html = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<meta name="robots" content="noindex">
${refreshSeconds && markup`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}${store && ` · ${store}`}</title>
<link rel="icon" href="data:,">
<style>${verbatim(style)}</style>
</head>
<body>
${!livemode && markup`<p class="test">Test mode: no money moves</p>`}
<div class="sheet">
${store && markup`<header><p class="store"><span class="mark" aria-hidden="true">${initialOf(store)}</span>${store}</p></header>`}
<main>${body}</main>
</div>
</body>
</html>
`;
  return {
    status,
    html: String(html),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy(formLeadsTo),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
    },
  };
}

/** Browsers hold a form's redirects to `form-action` too, so it must name where the payment page is. */
function policy(formLeadsTo: string | undefined): string {
  const forms = formLeadsTo === undefined ? "'none'" : `'self' https: ${new URL(formLeadsTo).origin}`;
  return [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    `form-action ${forms}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function initialOf(name: string): string {
  const [first] = new Intl.Segmenter('en').segment(name.toLocaleUpperCase('en'));
  return first?.segment ?? '';
}

/** A heading with a sign above it. */
export function saying(sign: keyof typeof signs, heading: string, text: Shown): Markup {
  return markup`<div class="saying"><svg class="sign ${sign}" viewBox="0 0 24 24" aria-hidden="true">${signs[sign]}</svg>
<h1>${heading}</h1><p>${text}</p></div>`;
}

const signs = {
  done: verbatim('<circle cx="12" cy="12" r="11"/><path d="m7 12.5 3.5 3.5L17 9"/>'),
  wait: verbatim('<circle cx="12" cy="12" r="11"/><path d="M12 6.5V12l3.5 2.5"/>'),
  stop: verbatim('<circle cx="12" cy="12" r="11"/><path d="M12 7v6m0 3.5v.1"/>'),
} as const;

/** Names and values. */
export function facts(rows: readonly (readonly [name: string, value: Shown])[]): Markup {
  return markup`<dl class="facts">${rows.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
