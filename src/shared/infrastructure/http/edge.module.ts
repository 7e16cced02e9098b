import { type DynamicModule, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, ModulesContainer } from '@nestjs/core';
import { Idempotency } from '../../application/idempotency.js';
import { Config } from '../config/config.js';
import { HealthController } from '../health/health.controller.js';
import { Health } from '../health/health.js';
import { Log } from '../logging/log.js';
import { AccessGuard } from './access.guard.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { ApiDescription } from './api-description.js';
import { DocsController } from './docs.controller.js';
import { Metrics } from './metrics.js';
import { Positions } from './positions.js';
import { ProblemFilter } from './problem.filter.js';
import { routesWithoutAccess } from './route-access.js';
import { RouteTable } from './route-table.js';
import { Shutdown } from './shutdown.js';
import { ValidationPipe } from './validation.pipe.js';

/**
 * What stands before every controller. Needs, from global modules: EventStore, Claims, Subscriptions, Clock and
 * an Authenticator; uses KnownStores where there is one.
 */
@Module({})
export class EdgeModule implements OnApplicationBootstrap {
  constructor(private readonly modules: ModulesContainer) {}

  static with(config: Config, log: Log = new Log(config.logLevel)): DynamicModule {
    return {
      module: EdgeModule,
      global: true,
      controllers: [DocsController, HealthController],
      providers: [
        { provide: Config, useValue: config },
        { provide: Log, useValue: log },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
        { provide: APP_PIPE, useClass: ValidationPipe },
        ApiDescription,
        { provide: Health, useValue: new Health() },
        Idempotency,
        Metrics,
        Positions,
        RouteTable,
        Shutdown,
      ],
      exports: [Config, Log, Health, Idempotency, Metrics],
    };
  }

  /** A route that does not say who may call it keeps the server from starting. */
  onApplicationBootstrap(): void {
    const silent = routesWithoutAccess(this.modules);
    if (silent.length > 0) throw new TypeError(`routes without @Scope or @Public: ${silent.join(', ')}`);
  }
}
