import { createHash } from 'node:crypto';
import type { MailAttachment, MailSummary, MailView, Person } from '../mail-view.js';
import { follow } from './follow.js';
import { style } from './style.js';

/** Which face of a mail is shown: as it looks, its text, or its headers. */
export type Face = '' | 'text' | 'headers';

type Shown = Readonly<{
  mails: readonly MailSummary[];
  count: number;
  view: MailView | undefined;
  face: Face;
}>;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(follow)}`,
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};

/** The inbox: the list, and beside it the mail that is open. Works without its script, which only follows news. */
export function page({ mails, count, view, face }: Shown): string {
  const title = view ? view.subject || '(no subject)' : 'Inbox';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)} · Quittance inbox</title>
<style>${style}</style>
</head>
<body class="${view ? 'reading' : 'listing'}">
<header class="bar">
<a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 6.5 12 13l9-6.5M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5Z"/></svg>Inbox</a>
<p class="count" id="count" role="status">${count === 1 ? '1 mail' : `${count} mails`}</p>
<p class="hint">Everything the server sends lands here. Nothing leaves this machine.</p>
</header>
<nav id="mails" class="mails" aria-label="Mails, newest first">${list(mails, view?.id)}</nav>
<main id="mail">${view ? opened(view, face) : nothingOpen(count)}</main>
<script>${follow}</script>
</body>
</html>
`;
}

function list(mails: readonly MailSummary[], open: string | undefined): string {
  if (mails.length === 0) return '<p class="empty">No mail yet.</p>';
  const items = mails.map(({ id, from, to, subject, date }) => {
    const current = id === open ? ' aria-current="true"' : '';
    return `<li><a href="/messages/${id}"${current}>
<span class="who">${escaped(from.name || from.address)}</span>${time(date)}
<span class="subject">${escaped(subject || '(no subject)')}</span>
<span class="to">to ${escaped(to.map(({ address }) => address).join(', '))}</span></a></li>`;
  });
  return `<ol>${items.join('')}</ol>`;
}

function nothingOpen(count: number): string {
  return `<p class="empty">${count === 0 ? 'Mail that is sent appears here by itself.' : 'Choose a mail to read it.'}</p>`;
}

function opened(view: MailView, face: Face): string {
  const { id, subject, from, to, html, text, attachments } = view;
  const shown: Face = face === '' && html === null ? 'text' : face;
  const tab = (at: Face, says: string) => {
    const current = at === shown ? ' aria-current="page"' : '';
    return `<a href="/messages/${id}${at && `/${at}`}"${current}>${says}</a>`;
  };
  const bodies: Record<Face, () => string> = {
    '': () =>
      `<iframe src="/messages/${id}/frame" title="The mail as it looks" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`,
    text: () => `<pre class="text">${linked(text ?? '')}</pre>`,
    headers: () => headers(view),
  };
  return `<article>
<a class="back" href="/">All mails</a>
<h1>${escaped(subject || '(no subject)')}</h1>
<dl class="people"><div><dt>From</dt><dd>${people([from])}</dd></div><div><dt>To</dt><dd>${people(to)}</dd></div>
<div><dt>Arrived</dt><dd>${time(view.date)}</dd></div></dl>
${attachments.length > 0 ? `<ul class="files" aria-label="Attachments">${attachments.map(file).join('')}</ul>` : ''}
<nav class="faces" aria-label="How to show it">${html === null ? '' : tab('', 'Mail')}${tab('text', 'Text')}${tab('headers', 'Headers')}<a href="/messages/${id}/raw" download>Download</a></nav>
<div class="body">${bodies[shown]()}</div>
</article>`;
}

function headers({ envelope, headers: lines }: MailView): string {
  const rows = [
    ...(envelope.to.length > 0 ? [['Handed over for', envelope.to.join(', ')]] : []),
    ...lines.map(({ name, value }) => [name, value]),
  ];
  const cells = rows.map(([name = '', value = '']) => {
    return `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`;
  });
  return `<table class="headers"><tbody>${cells.join('')}</tbody></table>`;
}

function file({ filename, content_type, size, url }: MailAttachment): string {
  const kB = `${Math.max(1, Math.round(size / 1024))} kB`;
  return `<li><a href="${url}" download>${escaped(filename)}<small>${escaped(content_type)}, ${kB}</small></a></li>`;
}

function people(all: readonly Person[]): string {
  const one = ({ name, address }: Person) =>
    name ? `${escaped(name)} <span>&lt;${escaped(address)}&gt;</span>` : escaped(address);
  return all.map(one).join(', ');
}

function time(at: string): string {
  return `<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 16)} UTC</time>`;
}

/** Plain text with its web addresses to click on. */
function linked(text: string): string {
  return escaped(text).replaceAll(
    /https?:\/\/(?:(?!&(?:lt|gt|quot);)[^\s])+/g,
    (url) => `<a href="${url}" target="_blank" rel="noreferrer">${url}</a>`,
  );
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
