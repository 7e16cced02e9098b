import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ReconciliationId } from '../../../../shared/domain/ids.js';
import { reconciliationAggregate } from '../../domain/reconciliation.js';

/** Somebody knows why the books differ there. */
export class ExplainDifference extends Command<void> {
  constructor(
    readonly run: ReconciliationId,
    readonly difference: string,
    readonly explanation: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ExplainDifference)
export class ExplainDifferenceHandler implements ICommandHandler<ExplainDifference> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found` */
  async execute({ run, difference, explanation, context }: ExplainDifference): Promise<void> {
    const command = { type: 'ExplainDifference', difference, explanation } as const;
    await this.streams.handle(reconciliationAggregate, run, command, context);
  }
}
