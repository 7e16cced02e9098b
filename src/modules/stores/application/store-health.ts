import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../shared/application/context.js';
import { Streams } from '../../../shared/application/streams.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import type { IntegrationProblem } from '../domain/store.events.js';
import { ClearIntegrationError } from './commands/clear-integration-error.command.js';
import { ReportIntegrationError } from './commands/report-integration-error.command.js';
import { LinkRefused, LinkUnavailable } from './ports/account-linker.port.js';
import { storeAggregate } from './store-aggregate.js';
import { WebhookEndpoints } from './webhook-endpoints.js';

/** Stripe may be away for this many looks before anybody is told. */
const patience = 3;
/** What is surely over once the account answers and our endpoint stands. */
const mended: readonly IntegrationProblem[] = [
  'account_gone',
  'key_revoked',
  'permission_missing',
  'stripe_unreachable',
  'webhook_endpoint_refused',
];

/** Looks whether a store and its account still work together, repairs the endpoint, and says what ails them. */
@Injectable()
export class StoreHealth {
  private readonly misses = new Map<StoreId, number>();

  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly commands: CommandBus,
    private readonly streams: Streams,
  ) {}

  /** A problem is reported, not thrown. */
  async check(store: StoreId, context: Context): Promise<void> {
    const key = await this.keyOf(store);
    try {
      await this.endpoints.ensure(store, context);
      this.misses.delete(store);
      await this.commands.execute(new ClearIntegrationError(store, mended, context));
    } catch (failure) {
      // What was refused is the key of before, and nobody's trouble any more.
      if (key !== (await this.keyOf(store))) return this.check(store, context);
      if (failure instanceof LinkRefused) return this.report(store, failure, context);
      if (failure instanceof LinkUnavailable) return this.missed(store, context);
      throw failure;
    }
  }

  private async keyOf(store: StoreId): Promise<string | null> {
    const { state } = await this.streams.load(storeAggregate, store);
    return state.exists ? (state.connection?.secret_ref ?? null) : null;
  }

  private async report(store: StoreId, { kind, detail }: LinkRefused, context: Context): Promise<void> {
    this.misses.delete(store);
    const problem = kind === 'code_refused' ? 'account_gone' : kind;
    await this.commands.execute(new ReportIntegrationError(store, problem, detail, context));
  }

  private async missed(store: StoreId, context: Context): Promise<void> {
    const misses = (this.misses.get(store) ?? 0) + 1;
    this.misses.set(store, misses);
    if (misses < patience) return;
    const detail = `Stripe did not answer ${misses} times in a row.`;
    await this.commands.execute(new ReportIntegrationError(store, 'stripe_unreachable', detail, context));
  }
}
