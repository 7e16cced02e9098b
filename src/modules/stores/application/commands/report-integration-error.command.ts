import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { IntegrationProblem } from '../../domain/store.events.js';
import { storeAggregate } from '../store-aggregate.js';

/**
 * Something between a store and Stripe broke. The first report becomes a named problem and one mail; reports of
 * a problem that is known change nothing, so call this as often as it is met.
 */
export class ReportIntegrationError extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly kind: IntegrationProblem,
    /** One sentence for the operator. Shown and mailed: no secrets, no personal data. */
    readonly detail: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReportIntegrationError)
export class ReportIntegrationErrorHandler implements ICommandHandler<ReportIntegrationError> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found` */
  async execute({ store, kind, detail, context }: ReportIntegrationError): Promise<void> {
    await this.streams.handle(
      storeAggregate,
      store,
      { type: 'RaiseError', kind, detail },
      { ...context, store },
    );
  }
}
