import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import type { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { LinkTokens } from '../../application/ports/link-tokens.port.js';
import type { LinkRow } from '../../application/projections/link-row.js';
import type { TransactionRow } from '../../application/projections/transactions.projection.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { toLinkAnswer } from './payments.wire.js';

/** Shows links: the customer's URL is for those who may send links, and is derived each time. */
@Injectable()
export class LinkAnswers {
  constructor(
    private readonly now: TransactionNow,
    private readonly tokens: LinkTokens,
    private readonly clock: Clock,
  ) {}

  async show(row: LinkRow, caller: Caller) {
    const url = caller.may('links:write') ? await this.tokens.urlOf(row.id as LinkId) : null;
    const mail = row.mail && ((await this.now.mail(row.mail.id)) ?? aboutToBeQueued(row.mail));
    return toLinkAnswer({ ...row, mail, url }, this.clock.now());
  }

  async showAny(row: TransactionRow, caller: Caller) {
    return row.object === 'payment_link' ? this.show(row, caller) : row;
  }
}

function aboutToBeQueued({ message_id }: Readonly<{ message_id: string }>) {
  return { status: 'queued' as const, message_id, attempts: 0, last_error: null, sent_at: null };
}
