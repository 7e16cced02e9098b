/** One mail to one person. Text fields are plain text: the mailer never parses addresses out of them. */
export type Mail = Readonly<{
  /** `<…@…>`, the same over every retry of the same mail. */
  messageId: string;
  from: Readonly<{ name: string; address: string }>;
  to: Readonly<{ name: string; address: string }>;
  subject: string;
  text: string;
  html: string;
  attachments: readonly Readonly<{ filename: string; contentType: string; content: Buffer }>[];
}>;

/** The server will never take this mail. */
export class MailRejected extends Error {
  override readonly name = 'MailRejected';
}

/** Not taken now; the same mail may be sent again. */
export class MailDeferred extends Error {
  override readonly name = 'MailDeferred';
}

/** Hands mail over to an SMTP server. At least once: a lost answer means the same Message-ID is sent again. */
export abstract class Mailer {
  /** @throws MailRejected, MailDeferred */
  abstract send(mail: Mail): Promise<void>;
}
