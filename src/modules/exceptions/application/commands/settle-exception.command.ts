import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionKind, Outcome } from '../../domain/exception.events.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { exceptionIdFor } from '../exception-stream.js';

/** A matter has ended without anybody's doing here. Nothing where it is not open. */
export class SettleException extends Command<void> {
  constructor(
    readonly matter: Readonly<{ kind: ExceptionKind; matter: string }>,
    readonly ending: Readonly<{ outcome: Outcome; explanation: string }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(SettleException)
export class SettleExceptionHandler implements ICommandHandler<SettleException> {
  constructor(
    private readonly streams: Streams,
    private readonly ids: Ids,
  ) {}

  async execute({ matter: { kind, matter }, ending, context }: SettleException): Promise<void> {
    const id = exceptionIdFor(this.ids, kind, matter);
    const { state: exception } = await this.streams.load(exceptionAggregate, id);
    if (exception.status === 'none') return;
    const { store, order } = exception.subject;
    const about = { ...context, store, ...(order && { order }) };
    await this.streams.handle(exceptionAggregate, id, { type: 'SettleException', ...ending }, about);
  }
}
