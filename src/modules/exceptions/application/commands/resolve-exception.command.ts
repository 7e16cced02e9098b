import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { Refusal, type RefusalCode } from '../../../../shared/domain/refusal.js';
import type { ExceptionAction } from '../../domain/exception.events.js';
import { type Exception, exceptionAggregate } from '../../domain/exception.js';
import { Resolution } from '../processes/resolution.process.js';

/** A person decides about an exception: written down first, then done. `context.reason` says why. */
export class ResolveException extends Command<void> {
  constructor(
    readonly exception: ExceptionId,
    /** `wish` names the call: the same again meets what became of it. */
    readonly ask: Readonly<{ action: ExceptionAction; wish: string }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ResolveException)
export class ResolveExceptionHandler implements ICommandHandler<ResolveException> {
  constructor(
    private readonly streams: Streams,
    private readonly resolution: Resolution,
  ) {}

  /**
   * Where Stripe does not answer, the exception stays `resolving` and is gone on with.
   * @throws Refusal `exception_resolved`; `validation_failed` for an action that does not fit; and whatever stood
   * against the action, after which the exception is open again
   */
  async execute({ exception: id, ask, context }: ResolveException): Promise<void> {
    const choose = { type: 'ChooseResolution', ...ask } as const;
    const { state: chosen } = await this.streams.handle(exceptionAggregate, id, choose, context);
    await this.#carryOut(id, context);
    const { state: after } = await this.streams.load(exceptionAggregate, id);
    const refused = refusalOf(after, underWay(chosen) ?? ask.wish);
    if (refused?.code)
      throw new Refusal(refused.code as RefusalCode, refused.why, { exception: id, action: ask.action });
  }

  async #carryOut(id: ExceptionId, context: Context): Promise<void> {
    try {
      await this.resolution.carryOut(id, context);
    } catch (error) {
      // Nobody said no: the policy goes on with it.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

/** The wish that this call joined, where the same action was under way already. */
function underWay(exception: Exception): string | undefined {
  return exception.status === 'none' ? undefined : exception.chosen?.wish;
}

function refusalOf(exception: Exception, wish: string) {
  return exception.status === 'none' ? null : (exception.wishes.get(wish)?.refused ?? null);
}
