import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccessModule } from './modules/access/access.module.js';
import { ExceptionsModule } from './modules/exceptions/exceptions.module.js';
import { OrdersModule } from './modules/orders/orders.module.js';
import { PaymentsModule } from './modules/payments/payments.module.js';
import { ReconciliationModule } from './modules/reconciliation/reconciliation.module.js';
import { StoresModule } from './modules/stores/stores.module.js';
import type { Config } from './shared/infrastructure/config/config.js';
import { EdgeModule } from './shared/infrastructure/http/edge.module.js';
import type { Log } from './shared/infrastructure/logging/log.js';
import { SharedModule } from './shared/shared.module.js';

/** The composition root: which modules there are. What they stand on is chosen in SharedModule. */
@Module({
  imports: [
    CqrsModule.forRoot(),
    AccessModule,
    StoresModule,
    OrdersModule,
    PaymentsModule,
    ExceptionsModule,
    ReconciliationModule,
  ],
})
export class AppModule {
  static with(config: Config, log: Log): DynamicModule {
    return { module: AppModule, imports: [EdgeModule.with(config, log), SharedModule.with(config)] };
  }
}
