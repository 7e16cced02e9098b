import {
  type Mail,
  MailDeferred,
  Mailer,
  MailRejected,
} from '../../../src/shared/application/ports/mailer.port.js';
import type { Wire } from '../kernel/wire.js';
import type { Swarm } from '../world/swarm.js';

export type Accepted = Readonly<{ messageId: string; to: string }>;

/** The mail server of the whole world: what it took, and whom it will never take mail for. */
export class Inbox {
  readonly accepted: Accepted[] = [];
  readonly refusing = new Set<string>();
  /** Answers that were lost after a mail was taken. */
  lostAnswers = 0;
}

const far = [5, 80] as const;

export class SimulatedMailer extends Mailer {
  constructor(
    private readonly inbox: Inbox,
    private readonly wire: Wire,
    private readonly swarm: () => Swarm,
  ) {
    super();
  }

  override send({ messageId, to }: Mail): Promise<void> {
    const { wire, inbox } = this;
    const { away, answerLost } = this.swarm().mail;
    const accept = () => {
      if (inbox.refusing.has(to.address)) throw new MailRejected('550 no such mailbox');
      inbox.accepted.push({ messageId, to: to.address });
    };
    if (wire.random.happens(away)) {
      wire.coverage.count('F17 mail server away');
      return wire.fail('mail', 1_000, new MailDeferred('421 not now'));
    }
    if (wire.random.happens(answerLost)) {
      wire.coverage.count('F17 mail taken, answer lost');
      inbox.lostAnswers += 1;
      wire.later('mail', 50, accept);
      return wire.fail('mail', 10_000, new MailDeferred('the connection was lost'));
    }
    return wire.send('mail', far, accept);
  }
}
