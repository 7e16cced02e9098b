import { Injectable } from '@nestjs/common';
import { onOurOwn } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { paymentAggregate } from '../../../payments/index.js';
import { unknownOutcomes } from '../projections/unknown-outcomes.projection.js';
import { inWords } from '../sums-in-words.js';
import { Opening } from './opening.process.js';

/** Most outcomes are found out within this time; after it a person is told. */
const PATIENCE_MS = 15 * 60_000;

/** Nothing happens while nothing is known, so somebody has to look at the clock. */
@Injectable()
export class UnknownOutcomes {
  constructor(
    private readonly readModel: ReadModel,
    private readonly streams: Streams,
    private readonly opening: Opening,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** One look at every payment whose outcome is unknown; ends early when `signal` aborts. */
  async look(signal: AbortSignal): Promise<void> {
    const lte = new Date(this.clock.now().getTime() - PATIENCE_MS).toISOString();
    for await (const row of this.readModel.all(unknownOutcomes, { createdAt: { lte }, limit: 100 })) {
      if (signal.aborted) return;
      await this.#open(row.payment as PaymentId, row.created_at);
    }
  }

  async #open(id: PaymentId, since: string): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status !== 'unknown') return;
    const { store, livemode, order, order_number, amount, currency } = payment.asked;
    const explanation = `Whether ${inWords(amount, currency)} was taken for order ${order_number} is not known since ${since}.`;
    const about = { store, livemode, order, payment: id, amount, currency };
    const context = onOurOwn('sweep', `sweep_${this.ids.next()}`);
    await this.opening.open({ kind: 'outcome_unknown', matter: id, about, explanation }, context);
  }
}
