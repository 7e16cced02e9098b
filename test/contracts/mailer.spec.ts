import { describe, expect, test } from '@jest/globals';
import { startInbox } from '../../src/sandbox/inbox/index.js';
import type { MailSummary, MailView } from '../../src/sandbox/inbox/mail-view.js';
import { MailDeferred } from '../../src/shared/application/ports/mailer.port.js';
import { MemoryMailer } from '../../src/shared/infrastructure/mail/memory.mailer.js';
import { SmtpMailer } from '../../src/shared/infrastructure/mail/smtp.mailer.js';
import { type Arrived, aMail, mailerContract, type Subject } from './mailer.contract.js';

/** The real mailer, over a socket, against the inbox. */
async function overSmtp(): Promise<Subject> {
  const inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
  const mailer = new SmtpMailer(() => inbox.smtpUrl);
  const api = `${inbox.url}/api`;
  const effects = { reject: 'reject_550', defer: 'defer_451', lose_answer: 'lose_answer' } as const;
  return {
    mailer,
    async arrived() {
      const list = (await (await fetch(`${api}/messages`)).json()) as MailSummary[];
      return Promise.all(list.reverse().map(({ id }) => arrivedMail(inbox.url, id)));
    },
    async empty() {
      await fetch(`${api}/messages`, { method: 'DELETE' });
    },
    async fail(effect) {
      const body = JSON.stringify({ effect: effects[effect], times: 1 });
      await fetch(`${api}/faults`, { method: 'POST', body });
    },
    async close() {
      mailer.close();
      await inbox.close();
    },
  };
}

async function arrivedMail(inbox: string, id: string): Promise<Arrived> {
  const mail = (await (await fetch(`${inbox}/api/messages/${id}`)).json()) as MailView;
  const attachments = mail.attachments.map(async ({ filename, content_type, url }) => {
    const content = Buffer.from(await (await fetch(`${inbox}${url}`)).arrayBuffer());
    return { filename, contentType: content_type, content };
  });
  return {
    recipients: mail.envelope.to,
    headerNames: mail.headers.map(({ name }) => name),
    messageId: mail.message_id,
    from: mail.from,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    attachments: await Promise.all(attachments),
  };
}

async function inMemory(): Promise<Subject> {
  let mailer = new MemoryMailer();
  let seen = 0;
  return {
    mailer: { send: (mail) => mailer.send(mail) },
    arrived: async () =>
      mailer.sent
        .slice(seen)
        .map(({ to, ...mail }) => ({ ...mail, recipients: [to.address], headerNames: [] })),
    empty: async () => {
      seen = 0;
      mailer = new MemoryMailer();
    },
    fail: async (effect) => mailer.fail(effect),
    close: async () => undefined,
  };
}

mailerContract('SMTP', overSmtp, 500);
mailerContract('Memory', inMemory, 500);

describe('SMTP as a Mailer', () => {
  test('gives up waiting for a server that does not answer', async () => {
    const inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
    const mailer = new SmtpMailer(() => inbox.smtpUrl, { connectMs: 200, answerMs: 200 });
    await fetch(`${inbox.url}/api/faults`, { method: 'POST', body: '{"effect":"hang"}' });
    await expect(mailer.send(aMail())).rejects.toBeInstanceOf(MailDeferred);
    await mailer.send(aMail());
    mailer.close();
    await inbox.close();
  });

  test('waits for a server that is not there', async () => {
    const inbox = await startInbox({ smtpPort: 0, httpPort: 0 });
    await inbox.close();
    const mailer = new SmtpMailer(() => inbox.smtpUrl);
    await expect(mailer.send(aMail())).rejects.toBeInstanceOf(MailDeferred);
    mailer.close();
  });
});
