import type { CommandBus, QueryBus } from '@nestjs/cqrs';

type Handler = Readonly<{ execute(message: never): Promise<unknown> }>;
type Message = abstract new (...given: never[]) => object;

/** Stands in for Nest's buses, whose container is too slow to be built for each seed: one handler per class. */
export class Dispatcher {
  private readonly handlers = new Map<unknown, Handler>();

  register(message: Message, handler: Handler): void {
    if (this.handlers.has(message)) throw new Error(`two handlers for ${message.name}`);
    this.handlers.set(message, handler);
  }

  execute(message: object): Promise<unknown> {
    const handler = this.handlers.get(message.constructor);
    if (!handler) throw new Error(`nothing handles ${message.constructor.name}`);
    return handler.execute(message as never);
  }

  /** The only method of a bus that the code under test uses is `execute`. */
  get commands(): CommandBus {
    return this as unknown as CommandBus;
  }

  get queries(): QueryBus {
    return this as unknown as QueryBus;
  }
}
