import { createTransport, type Transporter } from 'nodemailer';
import { type Mail, MailDeferred, Mailer, MailRejected } from '../../application/ports/mailer.port.js';
import { isMailAddress } from './mail-address.js';

export type SmtpTimeouts = Readonly<{ connectMs: number; answerMs: number }>;

const patient: SmtpTimeouts = { connectMs: 10_000, answerMs: 30_000 };

/** Hands mail to an SMTP server over a few connections that stay open. */
export class SmtpMailer extends Mailer {
  private transport: Transporter | undefined;

  /** The address of the server, asked for at the first mail: an embedded one is not known any earlier. */
  constructor(
    private readonly url: () => string,
    private readonly timeouts: SmtpTimeouts = patient,
  ) {
    super();
  }

  async send({ messageId, from, to, subject, text, html, attachments }: Mail): Promise<void> {
    for (const { address } of [from, to]) {
      // Mail software takes a text with commas or line breaks for several addresses: one plain address or nothing.
      if (!isMailAddress(address)) throw new MailRejected('the address is not a mail address');
    }
    try {
      await this.connected().sendMail({
        messageId,
        from: { name: from.name, address: from.address },
        to: { name: to.name, address: to.address },
        envelope: { from: from.address, to: [to.address] },
        subject,
        text,
        html,
        attachments: attachments.map((file) => ({ ...file })),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    } catch (error) {
      throw failureOf(error);
    }
  }

  /** Ends the connections; the next mail opens new ones. */
  close(): void {
    this.transport?.close();
    this.transport = undefined;
  }

  private connected(): Transporter {
    const { connectMs, answerMs } = this.timeouts;
    this.transport ??= createTransport({
      url: this.url(),
      pool: true,
      maxConnections: 4,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      dnsTimeout: connectMs,
      socketTimeout: answerMs,
    });
    return this.transport;
  }
}

/** Only a permanent answer to this very mail is final; our own login or connection failing is not the mail's fault. */
function failureOf(error: unknown): Error {
  const { responseCode, code, message } = error as Error & { responseCode?: number; code?: string };
  const final =
    responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH' && code !== 'ECONNECTION';
  const says = message.replaceAll(/\s+/g, ' ').slice(0, 300);
  return final ? new MailRejected(says, { cause: error }) : new MailDeferred(says, { cause: error });
}
