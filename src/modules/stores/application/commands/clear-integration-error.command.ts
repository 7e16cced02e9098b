import { Command } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { IntegrationProblem } from '../../domain/store.events.js';

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
