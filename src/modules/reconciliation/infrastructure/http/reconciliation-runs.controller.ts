import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Idempotency, type IdempotentCall } from '../../../../shared/application/idempotency.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { ReconciliationId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { ExplainDifference } from '../../application/commands/explain-difference.command.js';
import { RequestReconciliation } from '../../application/commands/request-reconciliation.command.js';
import {
  GetReconciliation,
  ListReconciliations,
} from '../../application/queries/reconciliation-runs.query.js';
import { asked } from '../../domain/period.js';
import {
  ExplanationBody,
  ReconciliationAnswer,
  ReconciliationBody,
  ReconciliationList,
  ReconciliationParam,
  ReconciliationQuery,
} from './reconciliation-runs.wire.js';

/** The caller waits so long; a longer run is asked for again. */
const PATIENCE_MS = 8_000;

/** Our ledger against Stripe's. Running one also records what was missed, as a sync does; no money moves. */
@Controller('v1/reconciliation_runs')
export class ReconciliationRunsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly idempotency: Idempotency,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  @Post()
  @AsksStripe()
  @Says(
    'Compare our ledger with Stripe’s',
    'Of one store and period, at most 92 days. Answers after a few seconds at most; `running` goes on by itself.',
  )
  @Scope('charges:write')
  @Answers(201, ReconciliationAnswer, 'The run, as far as it has come.')
  @Problems('store_disconnected')
  async run(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Body({ schema: ReconciliationBody }) body: z.infer<typeof ReconciliationBody>,
  ) {
    const store = caller.store();
    const period = asked(body.from, body.to, this.clock.now().toISOString());
    const makeId = () => `recon_${this.ids.next()}`;
    const { value, replayed } = await this.idempotency.once(call, makeId, async (bound) => {
      const id = bound.id as ReconciliationId;
      await this.commands.execute(
        new RequestReconciliation(id, store, period, 'api', caller.context(), PATIENCE_MS),
      );
      return this.queries.execute(new GetReconciliation(store, id));
    });
    return answer(value, { replayed });
  }

  @Get()
  @Says('List reconciliation runs, newest first')
  @Scope('audit:read')
  @Answers(200, ReconciliationList)
  async list(
    @Caller() caller: Caller,
    @Query({ schema: ReconciliationQuery }) { where, ...page }: z.infer<typeof ReconciliationQuery>,
  ) {
    const { rows, hasMore } = await this.queries.execute(
      new ListReconciliations(caller.store(), where, page),
    );
    return list(rows, hasMore);
  }

  @Get(':id')
  @Says('Read a reconciliation run')
  @Scope('audit:read')
  @Answers(200, ReconciliationAnswer)
  @Problems('not_found')
  get(@Caller() caller: Caller, @Param('id', { schema: ReconciliationParam }) id: ReconciliationId) {
    return this.queries.execute(new GetReconciliation(caller.store(), id));
  }

  @Post(':id/explain')
  @Says(
    'Explain a difference',
    'A run whose every difference is explained is clean. Explaining again replaces.',
  )
  @Scope('charges:write')
  @Answers(200, ReconciliationAnswer)
  @Problems('not_found')
  async explain(
    @Caller() caller: Caller,
    @Param('id', { schema: ReconciliationParam }) id: ReconciliationId,
    @Body({ schema: ExplanationBody }) { difference, explanation }: z.infer<typeof ExplanationBody>,
  ) {
    const store = caller.store();
    await this.queries.execute(new GetReconciliation(store, id));
    await this.commands.execute(new ExplainDifference(id, difference, explanation, caller.context()));
    return this.queries.execute(new GetReconciliation(store, id));
  }
}
