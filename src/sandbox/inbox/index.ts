import { Faults } from './faults.js';
import { MailStore } from './kept-mail.js';
import { listenForMail } from './smtp-intake.js';
import { serveInbox } from './web/server.js';

export type Inbox = Readonly<{
  /** Where to send mail to: `smtp://127.0.0.1:3025`. */
  smtpUrl: string;
  /** Where to read it. */
  url: string;
  close(): Promise<void>;
}>;

export type InboxSettings = Readonly<{
  host?: string;
  /** 0 takes a free one. */
  smtpPort: number;
  httpPort: number;
  /** Left out: mails are gone when it is closed. */
  dataDir?: string;
}>;

/** A mail server that delivers nothing anywhere: a place to send to and a page to read on. */
export async function startInbox(settings: InboxSettings): Promise<Inbox> {
  const { host = '127.0.0.1', smtpPort, httpPort, dataDir } = settings;
  const store = await MailStore.open(dataDir);
  const faults = new Faults();
  const smtp = await listenForMail(store, faults, { host, port: smtpPort });
  const web = await serveInbox(store, faults, { host, port: httpPort }).catch(async (error) => {
    await smtp.close();
    throw error;
  });
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    smtpUrl: `smtp://${name}:${smtp.port}`,
    url: `http://${name}:${web.port}`,
    close: async () => {
      await Promise.all([smtp.close(), web.close()]);
    },
  };
}
