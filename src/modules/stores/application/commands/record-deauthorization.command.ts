import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { SecretVault } from '../../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { existing } from '../../domain/store.js';
import { AccountLinker, LinkRefused } from '../ports/account-linker.port.js';
import { storeAggregate } from '../store-aggregate.js';

const detail = 'The permission to use this Stripe account was taken back at Stripe.';

/**
 * Stripe says that the merchant took our permission back (`account.application.deauthorized`). Such news may be
 * late, and the store connected again since: it is believed only where the account is really shut to us.
 */
export class RecordDeauthorization extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RecordDeauthorization)
export class RecordDeauthorizationHandler implements ICommandHandler<RecordDeauthorization> {
  constructor(
    private readonly streams: Streams,
    private readonly linker: AccountLinker,
    private readonly vault: SecretVault,
  ) {}

  /** @throws Refusal `not_found`; LinkUnavailable where Stripe does not answer: ask again later */
  async execute({ store, context }: RecordDeauthorization): Promise<void> {
    const { connection, secrets } = existing((await this.streams.load(storeAggregate, store)).state);
    if (connection?.method !== 'oauth') return;
    try {
      await this.linker.endpoints(connection, store);
    } catch (failure) {
      if (!(failure instanceof LinkRefused && failure.kind === 'account_gone')) throw failure;
      const command = { type: 'RecordDeauthorization', detail } as const;
      await this.streams.handle(storeAggregate, store, command, { ...context, store });
      for (const { ref } of secrets) await this.vault.remove(ref);
    }
  }
}
