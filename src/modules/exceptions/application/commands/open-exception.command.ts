import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { type Misfit, Opening } from '../processes/opening.process.js';

/** Something that does not fit needs a person. Noticing the same matter again changes nothing. */
export class OpenException extends Command<ExceptionId> {
  constructor(
    readonly misfit: Misfit,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(OpenException)
export class OpenExceptionHandler implements ICommandHandler<OpenException> {
  constructor(private readonly opening: Opening) {}

  /** @returns the id of the exception, which follows from its kind and its matter. @throws Refusal `not_found` without such a store */
  execute({ misfit, context }: OpenException): Promise<ExceptionId> {
    return this.opening.open(misfit, context);
  }
}
