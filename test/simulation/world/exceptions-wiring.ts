import type { HttpAdapterHost } from '@nestjs/core';
import {
  OpenException,
  OpenExceptionHandler,
} from '../../../src/modules/exceptions/application/commands/open-exception.command.js';
import {
  ResolveException,
  ResolveExceptionHandler,
} from '../../../src/modules/exceptions/application/commands/resolve-exception.command.js';
import {
  SettleException,
  SettleExceptionHandler,
} from '../../../src/modules/exceptions/application/commands/settle-exception.command.js';
import { Matters } from '../../../src/modules/exceptions/application/matters.js';
import { CarryOutResolutionWhenChosen } from '../../../src/modules/exceptions/application/policies/carry-out-resolution-when-chosen.policy.js';
import { MailNoticeWhenExceptionOpens } from '../../../src/modules/exceptions/application/policies/mail-notice-when-exception-opens.policy.js';
import { OpenExceptionWhenMailFails } from '../../../src/modules/exceptions/application/policies/open-exception-when-mail-fails.policy.js';
import { OpenExceptionsOfOrders } from '../../../src/modules/exceptions/application/policies/open-exceptions-of-orders.policy.js';
import { OpenExceptionsOfPayments } from '../../../src/modules/exceptions/application/policies/open-exceptions-of-payments.policy.js';
import { OpenExceptionsWhenRefundsFail } from '../../../src/modules/exceptions/application/policies/open-exceptions-when-refunds-fail.policy.js';
import { SettleExceptionsWhenMattersEnd } from '../../../src/modules/exceptions/application/policies/settle-exceptions-when-matters-end.policy.js';
import { GivingBack } from '../../../src/modules/exceptions/application/processes/giving-back.js';
import { MailingAgain } from '../../../src/modules/exceptions/application/processes/mailing-again.js';
import { Opening } from '../../../src/modules/exceptions/application/processes/opening.process.js';
import { Resolution } from '../../../src/modules/exceptions/application/processes/resolution.process.js';
import { UnknownOutcomes } from '../../../src/modules/exceptions/application/processes/unknown-outcomes.process.js';
import { LookWhenListening } from '../../../src/modules/exceptions/infrastructure/watch/look-when-listening.js';
import type { StoreDirectory } from '../../../src/modules/stores/index.js';
import type { Outbox } from '../../../src/shared/application/outbox.js';
import type { Clock } from '../../../src/shared/application/ports/clock.port.js';
import type { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { ReadModel } from '../../../src/shared/application/read-model.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { Config } from '../../../src/shared/infrastructure/config/config.js';
import type { Log } from '../../../src/shared/infrastructure/logging/log.js';
import type { Dispatcher } from './dispatcher.js';
import type { AnyPolicy } from './surgery.js';

/** What needs a person: put together as its module does. */
export class ExceptionsWiring {
  readonly policies: readonly AnyPolicy[];
  private readonly unknown: UnknownOutcomes;

  constructor(
    bus: Dispatcher,
    streams: Streams,
    readModel: ReadModel,
    stores: StoreDirectory,
    outbox: Outbox,
    ids: Ids,
    private readonly clock: Clock,
  ) {
    const { commands, queries } = bus;
    const matters = new Matters(streams, queries, ids);
    const givingBack = new GivingBack(streams, commands, matters, ids);
    const mailing = new MailingAgain(streams, commands, queries, stores, outbox, ids);
    const opening = new Opening(streams, stores, ids);
    const resolution = new Resolution(streams, commands, matters, givingBack, mailing);
    this.unknown = new UnknownOutcomes(readModel, streams, opening, ids, clock);
    bus.register(OpenException, new OpenExceptionHandler(opening));
    bus.register(SettleException, new SettleExceptionHandler(streams, ids));
    bus.register(ResolveException, new ResolveExceptionHandler(streams, resolution));
    this.policies = [
      new OpenExceptionsOfOrders(streams, opening),
      new OpenExceptionsOfPayments(streams, opening),
      new OpenExceptionsWhenRefundsFail(streams, opening, givingBack, ids),
      new OpenExceptionWhenMailFails(streams, queries, stores, opening),
      new SettleExceptionsWhenMattersEnd(streams, matters, ids),
      new MailNoticeWhenExceptionOpens(streams, stores, outbox, ids),
      new CarryOutResolutionWhenChosen(streams, resolution),
    ] as unknown as readonly AnyPolicy[];
  }

  /** The real loop that looks for outcomes which stay unknown. */
  look(host: HttpAdapterHost, config: Config, log: Log): void {
    new LookWhenListening(host, this.unknown, config, this.clock, log).onApplicationBootstrap();
  }
}
