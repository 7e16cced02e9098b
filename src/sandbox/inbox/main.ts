import { startInbox } from './index.js';

/** The inbox by itself. */
const { HOST: host = '127.0.0.1', INBOX_SMTP_PORT, INBOX_PORT, INBOX_DATA_DIR: dataDir } = process.env;
const inbox = await startInbox({
  host,
  smtpPort: Number(INBOX_SMTP_PORT ?? 1025),
  httpPort: Number(INBOX_PORT ?? 8025),
  ...(dataDir && { dataDir }),
});
process.stdout.write(`Send mail to ${inbox.smtpUrl}, read it at ${inbox.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void inbox.close());
