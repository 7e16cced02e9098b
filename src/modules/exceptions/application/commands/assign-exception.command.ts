import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { exceptionAggregate } from '../../domain/exception.js';

/** Says whose turn it is. */
export class AssignException extends Command<void> {
  constructor(
    readonly exception: ExceptionId,
    readonly owner: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(AssignException)
export class AssignExceptionHandler implements ICommandHandler<AssignException> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `exception_resolved` */
  async execute({ exception, owner, context }: AssignException): Promise<void> {
    await this.streams.handle(exceptionAggregate, exception, { type: 'AssignException', owner }, context);
  }
}
