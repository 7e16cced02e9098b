import { type Mail, MailDeferred, Mailer, MailRejected } from '../../application/ports/mailer.port.js';
import { isMailAddress } from './mail-address.js';

/** Keeps mail instead of sending it, for tests and simulation. */
export class MemoryMailer extends Mailer {
  private readonly taken: Mail[] = [];
  private readonly faults: ('reject' | 'defer' | 'lose_answer')[] = [];

  /** Every mail that was taken, oldest first; a repetition is there twice. */
  get sent(): readonly Mail[] {
    return this.taken;
  }

  /** What happens to the next mails instead. `lose_answer` takes the mail and does not say so. */
  fail(effect: 'reject' | 'defer' | 'lose_answer', times = 1): void {
    for (let left = times; left > 0; left--) this.faults.push(effect);
  }

  async send(mail: Mail): Promise<void> {
    if (!isMailAddress(mail.to.address)) throw new MailRejected('the address is not a mail address');
    const fault = this.faults.shift();
    if (fault === 'reject') throw new MailRejected('550 no such mailbox');
    if (fault === 'defer') throw new MailDeferred('451 try again later');
    this.taken.push(mail);
    if (fault === 'lose_answer') throw new MailDeferred('the server gave no answer');
  }
}
