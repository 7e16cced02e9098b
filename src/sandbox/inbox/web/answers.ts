import { FAULTS, type Faults } from '../faults.js';
import type { KeptMail, MailStore } from '../kept-mail.js';
import { readMail, summaryOf } from '../mail-view.js';
import { type Face, page, pageHeaders } from './page.js';

export type Answer = Readonly<{ status: number; headers: Record<string, string>; body: string | Buffer }>;

export type Asked = Readonly<{
  store: MailStore;
  faults: Faults;
  method: string;
  url: URL;
  body: string;
}>;

export function json(status: number, value: unknown): Answer {
  const body = JSON.stringify(value);
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body };
}

const done: Answer = { status: 204, headers: {}, body: '' };
const notFound = json(404, { error: 'there is no such thing' });

/** Every route there is. */
export async function answer(asked: Asked): Promise<Answer> {
  const { store, faults, method, url, body } = asked;
  const [first = '', second = '', id = '', part, number] = url.pathname.slice(1).split('/');
  if (method === 'GET' && first === '') return shown(asked, undefined);
  if (method === 'GET' && first === 'messages') return message(asked, second, id);
  if (first !== 'api') return notFound;
  if (second === 'faults' && !id) {
    if (method === 'POST') return addFaults(faults, body);
    if (method === 'DELETE') {
      faults.clear();
      return done;
    }
  }
  if (second === 'messages' && method === 'DELETE' && !id) {
    await store.clear();
    return done;
  }
  if (second !== 'messages' || method !== 'GET') return notFound;
  if (id) return apiMessage(store, id, part, number);
  return json(200, await matching(store, url.searchParams.get('to')));
}

/** Newest first; with `to`, only those that were handed over to this address. */
async function matching(store: MailStore, to: string | null) {
  const wanted = to?.toLowerCase();
  const mails = store.newestFirst.filter(
    ({ envelope }) => !wanted || envelope.to.some((address) => address.toLowerCase() === wanted),
  );
  return Promise.all(mails.map(summaryOf));
}

async function apiMessage(store: MailStore, id: string, part?: string, number?: string): Promise<Answer> {
  const mail = store.get(id);
  if (!mail) return notFound;
  const { view, contents } = await readMail(mail);
  if (!part) return json(200, view);
  const content = part === 'attachments' ? contents[Number(number)] : undefined;
  const attachment = view.attachments[Number(number)];
  if (!content || !attachment) return notFound;
  const name = encodeURIComponent(attachment.filename);
  const headers = {
    'content-type': attachment.content_type,
    'content-disposition': `attachment; filename*=UTF-8''${name}`,
    'content-security-policy': "sandbox; default-src 'none'",
  };
  return { status: 200, headers, body: content };
}

function addFaults(faults: Faults, body: string): Answer {
  const { effect, times = 1 } = JSON.parse(body || '{}') as { effect?: unknown; times?: unknown };
  const fault = FAULTS.find((one) => one === effect);
  if (!fault) return json(422, { error: `effect is one of ${FAULTS.join(', ')}` });
  if (!Number.isSafeInteger(times) || Number(times) < 1 || Number(times) > 10_000) {
    return json(422, { error: 'times is a whole number from 1 to 10000' });
  }
  faults.add(fault, Number(times));
  return json(200, { effect: fault, times });
}

/** `/messages/{id}`, `/messages/{id}/text` … as pages; `…/frame` and `…/raw` as they are. */
async function message(asked: Asked, id: string, part: string): Promise<Answer> {
  const mail = asked.store.get(id);
  if (!mail) return { ...(await shown(asked, undefined)), status: 404 };
  if (part === 'raw') {
    const headers = {
      'content-type': 'message/rfc822',
      'content-disposition': `attachment; filename="${id}.eml"`,
    };
    return { status: 200, headers, body: mail.raw };
  }
  if (part === 'frame') return frame(mail);
  const faces: readonly string[] = ['', 'text', 'headers'];
  return faces.includes(part) ? shown(asked, mail, part as Face) : notFound;
}

/** The mail's own HTML: it may look as it likes, and do nothing. Links open beside the inbox. */
async function frame(mail: KeptMail): Promise<Answer> {
  const { html } = (await readMail(mail)).view;
  const policy =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
  const base = '<base target="_blank">';
  const body = (html ?? '').replace(/<head[^>]*>|$/i, (head) => `${head}${base}`);
  return { status: 200, headers, body };
}

async function shown({ store }: Asked, open: KeptMail | undefined, face: Face = ''): Promise<Answer> {
  const mails = await Promise.all(store.newestFirst.slice(0, 200).map(summaryOf));
  const view = open && (await readMail(open)).view;
  return {
    status: 200,
    headers: pageHeaders,
    body: page({ mails, count: store.newestFirst.length, view, face }),
  };
}
