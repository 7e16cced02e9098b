import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import type { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { LinkTokens } from '../../application/ports/link-tokens.port.js';
import type { LinkRow } from '../../application/projections/link-row.js';
import type { TransactionRow } from '../../application/projections/transactions.projection.js';
import { toLinkAnswer } from './payments.wire.js';

/** Shows links: the customer's URL is for those who may send links, and is derived each time. */
@Injectable()
export class LinkAnswers {
  constructor(
    private readonly tokens: LinkTokens,
    private readonly clock: Clock,
  ) {}

  async show(row: LinkRow, caller: Caller) {
    const url = caller.may('links:write') ? await this.tokens.urlOf(row.id as LinkId) : null;
    return toLinkAnswer(row, url, this.clock.now());
  }

  async showAny(row: TransactionRow, caller: Caller) {
    return row.object === 'payment_link' ? this.show(row, caller) : row;
  }
}
