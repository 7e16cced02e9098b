import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { IntegrationProblem } from '../../domain/store.events.js';
import { storeAggregate } from '../store-aggregate.js';

/** It works again. Nothing was reported: nothing changes. */
export class ClearIntegrationError extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly kinds: readonly IntegrationProblem[],
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ClearIntegrationError)
export class ClearIntegrationErrorHandler implements ICommandHandler<ClearIntegrationError> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found` */
  async execute({ store, kinds, context }: ClearIntegrationError): Promise<void> {
    await this.streams.handle(storeAggregate, store, { type: 'ClearErrors', kinds }, { ...context, store });
  }
}
