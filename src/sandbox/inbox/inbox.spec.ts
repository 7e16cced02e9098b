import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { type Inbox, startInbox } from './index.js';
import type { MailSummary, MailView } from './mail-view.js';

async function deliver({ smtpUrl }: Inbox, to: string, subject = 'Your order', html = '<p>Hello</p>') {
  const transport = createTransport({ url: smtpUrl });
  const attachments = [{ filename: 'invoice é.pdf', contentType: 'application/pdf', content: '%PDF' }];
  await transport.sendMail({ from: 'Lamps <pay@lamps.test>', to, subject, text: 'Hello', html, attachments });
  transport.close();
}
const list = async ({ url }: Inbox, to = '') =>
  (await (await fetch(`${url}/api/messages${to && `?to=${to}`}`)).json()) as MailSummary[];

describe('the inbox', () => {
  let inbox: Inbox;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inbox-'));
    inbox = await startInbox({ smtpPort: 0, httpPort: 0, dataDir: folder });
    await deliver(inbox, 'ada@example.test', '<b>First</b>');
    const link =
      '<head></head><a href="https://pay.test/pay/abc?a=1&amp;b=2">Pay</a><script>alert(1)</script>';
    await deliver(inbox, 'Bob <BOB@example.test>', 'Second', link);
  });
  afterAll(async () => {
    await inbox.close();
    await rm(folder, { recursive: true });
  });

  test('lists mails, newest first, to everybody or to one', async () => {
    expect((await list(inbox)).map(({ subject }) => subject)).toEqual(['Second', '<b>First</b>']);
    expect(await list(inbox, 'bob@example.test')).toMatchObject([
      { from: { name: 'Lamps', address: 'pay@lamps.test' }, subject: 'Second' },
    ]);
  });

  test('shows what is in a mail', async () => {
    const [mail] = await list(inbox, 'bob@example.test');
    const view = (await (await fetch(`${inbox.url}/api/messages/${mail?.id}`)).json()) as MailView;
    expect(view.links).toEqual(['https://pay.test/pay/abc?a=1&b=2']);
    expect(view.text).toBe('Hello\n');
    expect(view.attachments).toMatchObject([
      { filename: 'invoice é.pdf', content_type: 'application/pdf', size: 4 },
    ]);
    const attachment = await fetch(`${inbox.url}${view.attachments[0]?.url}`);
    expect(await attachment.text()).toBe('%PDF');
    expect(attachment.headers.get('content-disposition')).toMatch(/^attachment/);
  });

  test('lets a mail look as it likes and do nothing', async () => {
    const [mail] = await list(inbox);
    const frame = await fetch(`${inbox.url}/messages/${mail?.id}/frame`);
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox [^;]*; default-src 'none'/);
    expect(frame.headers.get('content-security-policy')).not.toMatch(/allow-scripts|allow-same-origin/);
    expect(await frame.text()).toContain('<head><base target="_blank"></head>');
  });

  test('shows subjects as text', async () => {
    const page = await (await fetch(inbox.url)).text();
    expect(page).toContain('&lt;b&gt;First&lt;/b&gt;');
    expect(page).not.toContain('<b>First');
  });

  test('keeps its mail over a restart', async () => {
    await inbox.close();
    inbox = await startInbox({ smtpPort: 0, httpPort: 0, dataDir: folder });
    expect(await list(inbox)).toHaveLength(2);
  });

  test('is not emptied by a page of another site', async () => {
    const headers = { origin: 'https://evil.test' };
    const answer = await fetch(`${inbox.url}/api/messages`, { method: 'DELETE', headers });
    expect(answer.status).toBe(403);
    expect(await list(inbox)).toHaveLength(2);
  });

  test('refuses faults that it does not know', async () => {
    const answer = await fetch(`${inbox.url}/api/faults`, { method: 'POST', body: '{"effect":"rain"}' });
    expect(answer.status).toBe(422);
  });

  test('is emptied, also on disk', async () => {
    await fetch(`${inbox.url}/api/messages`, { method: 'DELETE' });
    expect(await list(inbox)).toEqual([]);
    await inbox.close();
    inbox = await startInbox({ smtpPort: 0, httpPort: 0, dataDir: folder });
    expect(await list(inbox)).toEqual([]);
  });

  test.each(['/api/messages/none', '/api/none', '/none', '/messages/none'])(
    'has nothing at %s',
    async (path) => {
      expect((await fetch(`${inbox.url}${path}`)).status).toBe(404);
    },
  );
});
