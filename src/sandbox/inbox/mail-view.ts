import PostalMime, { type Address } from 'postal-mime';
import type { KeptMail } from './kept-mail.js';

export type Person = Readonly<{ name: string; address: string }>;

export type MailSummary = Readonly<{
  id: string;
  from: Person;
  to: readonly Person[];
  subject: string;
  /** RFC 3339 UTC, when it arrived. */
  date: string;
  message_id: string | null;
}>;

export type MailAttachment = Readonly<{
  filename: string;
  content_type: string;
  size: number;
  url: string;
}>;

export type MailView = MailSummary &
  Readonly<{
    /** As it was handed over, whatever the headers say. */
    envelope: KeptMail['envelope'];
    /** In their order, repeated ones too. */
    headers: readonly Readonly<{ name: string; value: string }>[];
    text: string | null;
    html: string | null;
    links: readonly string[];
    attachments: readonly MailAttachment[];
  }>;

type Read = Readonly<{ view: MailView; contents: readonly Buffer[] }>;

const known = new WeakMap<KeptMail, Promise<Read>>();

/** What is in a mail. Each is parsed once. */
export function readMail(mail: KeptMail): Promise<Read> {
  const before = known.get(mail);
  if (before) return before;
  const read = parse(mail);
  known.set(mail, read);
  return read;
}

export async function summaryOf(mail: KeptMail): Promise<MailSummary> {
  const { id, from, to, subject, date, message_id } = (await readMail(mail)).view;
  return { id, from, to, subject, date, message_id };
}

async function parse({ id, receivedAt, envelope, raw }: KeptMail): Promise<Read> {
  const mail = await PostalMime.parse(raw);
  const contents = mail.attachments.map(({ content }) =>
    typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer),
  );
  const attachments = mail.attachments.map(({ filename, mimeType }, at) => ({
    filename: filename ?? `attachment-${at + 1}`,
    content_type: mimeType,
    size: contents[at]?.length ?? 0,
    url: `/api/messages/${id}/attachments/${at}`,
  }));
  const [from] = people(mail.from ? [mail.from] : []);
  const text = mail.text ?? null;
  const html = mail.html ?? null;
  const view = {
    id,
    from: from ?? { name: '', address: envelope.from },
    to: people(mail.to ?? []),
    subject: mail.subject ?? '',
    date: receivedAt,
    message_id: mail.messageId ?? null,
    envelope,
    headers: mail.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    text,
    html,
    links: linksIn(html ?? '', text ?? ''),
    attachments,
  };
  return { view, contents };
}

function people(addresses: readonly Address[]): Person[] {
  return addresses.flatMap((one) =>
    one.address === undefined ? people(one.group ?? []) : [{ name: one.name, address: one.address }],
  );
}

/** Every web address once: those of the HTML, then those of the text. */
function linksIn(html: string, text: string): string[] {
  const hrefs = [...html.matchAll(/\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/gi)].map(([, a, b]) =>
    unescaped(a ?? b ?? ''),
  );
  const bare = text.match(/https?:\/\/[^\s<>"]+/g) ?? [];
  return [...new Set([...hrefs.filter((href) => /^(https?|mailto):/i.test(href)), ...bare])];
}

function unescaped(text: string): string {
  return text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
