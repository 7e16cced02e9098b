import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type Stripe from 'stripe';
import { onOurOwn } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { SecretVault } from '../../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { type AskOptions, askStripe } from '../../../../shared/infrastructure/stripe/ask-stripe.js';
import { StripeKeyRefused } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import { ClearIntegrationError } from '../../application/commands/clear-integration-error.command.js';
import { ReportIntegrationError } from '../../application/commands/report-integration-error.command.js';
import { LinkRefused } from '../../application/ports/account-linker.port.js';
import { storeAggregate } from '../../application/store-aggregate.js';
import type { Connection, IntegrationProblem } from '../../domain/store.events.js';
import { existing } from '../../domain/store.js';
import { shutOut } from './link-failure.js';
import { StripeDoors } from './stripe-doors.js';

/** One store's door to Stripe. Every call on `stripe` goes through `askStripe`. */
export type StripeDoor = Readonly<{
  stripe: Stripe;
  /** `acct_…`: all that comes back must be about this account. */
  account: string;
  livemode: boolean;
}>;

/** How other modules reach a store's Stripe account. Keys stay inside. */
export abstract class StripeAccounts {
  /** @throws Refusal `not_found`, `store_disconnected` */
  abstract client(store: StoreId): Promise<StripeDoor>;
  /**
   * One call as this store, by way of `askStripe`. A refused key, account or permission becomes a named problem
   * of the store with one mail, and is over once a call succeeds.
   * @throws Refusal `not_found`, `store_disconnected`; StripeFailure
   */
  abstract ask<T extends object>(
    store: StoreId,
    call: (stripe: Stripe, door: StripeDoor) => Promise<T>,
    options?: AskOptions<T>,
  ): Promise<T>;
  /**
   * What Stripe may sign this store's events with, newest first; `[]` where the store has no endpoint.
   * @throws Refusal `not_found`
   */
  abstract webhookSecrets(store: StoreId): Promise<readonly string[]>;
}

type Opened = Readonly<{
  door: StripeDoor;
  connection: Connection;
  problems: ReadonlyMap<IntegrationProblem, string>;
}>;

@Injectable()
export class ConnectedStripeAccounts extends StripeAccounts {
  constructor(
    private readonly streams: Streams,
    private readonly doors: StripeDoors,
    private readonly vault: SecretVault,
    private readonly commands: CommandBus,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {
    super();
  }

  async client(store: StoreId): Promise<StripeDoor> {
    return (await this.open(store)).door;
  }

  async ask<T extends object>(
    store: StoreId,
    call: (stripe: Stripe, door: StripeDoor) => Promise<T>,
    options?: AskOptions<T>,
  ): Promise<T> {
    const { door, connection, problems } = await this.open(store);
    try {
      const answer = await askStripe(() => call(door.stripe, door), options);
      if (problems.has('key_revoked') || problems.has('stripe_unreachable')) await this.mended(store);
      return answer;
    } catch (failure) {
      // Nothing happened under a key that Stripe refused, so the same call is made under the one that took its place.
      if (failure instanceof StripeKeyRefused && (await this.isReplaced(store, connection))) {
        return this.ask(store, call, options);
      }
      await this.report(store, failure);
      throw failure;
    }
  }

  async webhookSecrets(store: StoreId): Promise<readonly string[]> {
    const { state } = await this.streams.load(storeAggregate, store);
    const now = this.clock.now().toISOString();
    const valid = existing(state).secrets.filter(({ until }) => until === null || now < until);
    const secrets = await Promise.all(valid.reverse().map(({ ref }) => this.vault.get(ref)));
    return secrets.filter((secret) => secret !== undefined);
  }

  private async open(store: StoreId): Promise<Opened> {
    const { state } = await this.streams.load(storeAggregate, store);
    const { connection, problems } = existing(state);
    // Until we are let in again, every call would only hear the same.
    if (!connection || problems.has('account_gone')) throw disconnected(store);
    const { account, livemode } = connection;
    try {
      const stripe = await this.doors.through(connection);
      return { door: { stripe, account, livemode }, connection, problems };
    } catch (failure) {
      if (!(failure instanceof LinkRefused)) throw failure;
      if (await this.isReplaced(store, connection)) return this.open(store);
      throw disconnected(store, failure.detail);
    }
  }

  private async isReplaced(store: StoreId, { secret_ref }: Connection): Promise<boolean> {
    const { connection } = existing((await this.streams.load(storeAggregate, store)).state);
    return connection !== null && connection.secret_ref !== secret_ref;
  }

  private async report(store: StoreId, failure: unknown): Promise<void> {
    const problem = shutOut(failure);
    if (!problem || problem.kind === 'code_refused') return;
    const { kind, detail } = problem;
    await this.commands.execute(new ReportIntegrationError(store, kind, detail, this.context()));
  }

  private async mended(store: StoreId): Promise<void> {
    await this.commands.execute(
      new ClearIntegrationError(store, ['key_revoked', 'stripe_unreachable'], this.context()),
    );
  }

  private context() {
    return onOurOwn('sweep', `stripe_${this.ids.next()}`);
  }
}

function disconnected(store: StoreId, why = 'The store is not connected to Stripe.'): Refusal {
  return new Refusal('store_disconnected', why, { store });
}
