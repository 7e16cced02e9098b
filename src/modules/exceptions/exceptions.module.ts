import { Module, type OnModuleInit } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { HistorySummaries } from '../orders/index.js';
import { OrdersModule } from '../orders/orders.module.js';
import { AssignExceptionHandler } from './application/commands/assign-exception.command.js';
import { OpenExceptionHandler } from './application/commands/open-exception.command.js';
import { ResolveExceptionHandler } from './application/commands/resolve-exception.command.js';
import { SettleExceptionHandler } from './application/commands/settle-exception.command.js';
import { exceptionHistory } from './application/exception-history.js';
import { Matters } from './application/matters.js';
import { CarryOutResolutionWhenChosen } from './application/policies/carry-out-resolution-when-chosen.policy.js';
import { MailNoticeWhenExceptionOpens } from './application/policies/mail-notice-when-exception-opens.policy.js';
import { OpenExceptionWhenMailFails } from './application/policies/open-exception-when-mail-fails.policy.js';
import { OpenExceptionsOfOrders } from './application/policies/open-exceptions-of-orders.policy.js';
import { OpenExceptionsOfPayments } from './application/policies/open-exceptions-of-payments.policy.js';
import { OpenExceptionsWhenRefundsFail } from './application/policies/open-exceptions-when-refunds-fail.policy.js';
import { SettleExceptionsWhenMattersEnd } from './application/policies/settle-exceptions-when-matters-end.policy.js';
import { GivingBack } from './application/processes/giving-back.js';
import { MailingAgain } from './application/processes/mailing-again.js';
import { Opening } from './application/processes/opening.process.js';
import { Resolution } from './application/processes/resolution.process.js';
import { UnknownOutcomes } from './application/processes/unknown-outcomes.process.js';
import { exceptions } from './application/projections/exceptions.projection.js';
import { unknownOutcomes } from './application/projections/unknown-outcomes.projection.js';
import { ExceptionNow } from './application/queries/exception-now.js';
import { ListExceptionsHandler } from './application/queries/list-exceptions.query.js';
import { exceptionCodec } from './infrastructure/event-store/exception.codec.js';
import { ExceptionsController } from './infrastructure/http/exceptions.controller.js';
import { ExceptionMails } from './infrastructure/mail/exception-mails.js';
import { LookWhenListening } from './infrastructure/watch/look-when-listening.js';

const handlers = [
  AssignExceptionHandler,
  ListExceptionsHandler,
  OpenExceptionHandler,
  ResolveExceptionHandler,
  SettleExceptionHandler,
];

const policies = [
  CarryOutResolutionWhenChosen,
  MailNoticeWhenExceptionOpens,
  OpenExceptionWhenMailFails,
  OpenExceptionsOfOrders,
  OpenExceptionsOfPayments,
  OpenExceptionsWhenRefundsFail,
  SettleExceptionsWhenMattersEnd,
] as const;

/** Whatever about money needs a person: noticed, owned, told, and closed with an outcome. */
@Module({
  imports: [OrdersModule],
  controllers: [ExceptionsController],
  providers: [
    ...handlers,
    ...policies,
    ExceptionMails,
    ExceptionNow,
    GivingBack,
    LookWhenListening,
    MailingAgain,
    Matters,
    Opening,
    Resolution,
    UnknownOutcomes,
  ],
})
export class ExceptionsModule implements OnModuleInit {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly subscriptions: Subscriptions,
    private readonly summaries: HistorySummaries,
    private readonly carryOutResolutionWhenChosen: CarryOutResolutionWhenChosen,
    private readonly mailNoticeWhenExceptionOpens: MailNoticeWhenExceptionOpens,
    private readonly openExceptionWhenMailFails: OpenExceptionWhenMailFails,
    private readonly openExceptionsOfOrders: OpenExceptionsOfOrders,
    private readonly openExceptionsOfPayments: OpenExceptionsOfPayments,
    private readonly openExceptionsWhenRefundsFail: OpenExceptionsWhenRefundsFail,
    private readonly settleExceptionsWhenMattersEnd: SettleExceptionsWhenMattersEnd,
  ) {}

  onModuleInit(): void {
    this.catalog.register(exceptionCodec);
    this.summaries.register(exceptionHistory);
    this.subscriptions
      .addProjection(exceptions)
      .addProjection(unknownOutcomes)
      .addPolicy(this.openExceptionsOfOrders)
      .addPolicy(this.openExceptionsOfPayments)
      .addPolicy(this.openExceptionsWhenRefundsFail)
      .addPolicy(this.openExceptionWhenMailFails)
      .addPolicy(this.settleExceptionsWhenMattersEnd)
      .addPolicy(this.mailNoticeWhenExceptionOpens)
      .addPolicy(this.carryOutResolutionWhenChosen);
  }
}
