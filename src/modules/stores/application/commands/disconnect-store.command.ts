import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { SecretVault } from '../../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { Connection } from '../../domain/store.events.js';
import { existing } from '../../domain/store.js';
import { notNow } from '../link-refusals.js';
import { AccountLinker, LinkRefused } from '../ports/account-linker.port.js';
import { OpenPayments } from '../ports/open-payments.port.js';
import { storeAggregate } from '../store-aggregate.js';
import { StoreDirectory } from '../store-directory.js';

/** Ends the connection here and at Stripe. Ended already: nothing changes. */
export class DisconnectStore extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(DisconnectStore)
export class DisconnectStoreHandler implements ICommandHandler<DisconnectStore> {
  constructor(
    private readonly streams: Streams,
    private readonly linker: AccountLinker,
    private readonly vault: SecretVault,
    private readonly directory: StoreDirectory,
    private readonly payments: OpenPayments,
  ) {}

  /** @throws Refusal `not_found`, `session_fence_pending`, `stripe_error`, `stripe_unreachable`: then the store is still connected. */
  async execute({ store, context }: DisconnectStore): Promise<void> {
    const { connection, secrets } = existing((await this.streams.load(storeAggregate, store)).state);
    if (connection) {
      await this.payments.endAll(store, context);
      await this.takeDown(store, connection);
    }
    await this.streams.handle(storeAggregate, store, { type: 'Disconnect' }, { ...context, store });
    const refs = [connection?.secret_ref, ...secrets.map(({ ref }) => ref)];
    for (const ref of refs) if (ref) await this.vault.remove(ref);
  }

  private async takeDown(store: StoreId, connection: Connection): Promise<void> {
    await whereWeStillMay(async () => {
      for (const { id } of await this.linker.endpoints(connection, store)) {
        await this.linker.deleteEndpoint(connection, id);
      }
    });
    if (connection.method === 'oauth' && !(await this.isShared(store, connection.account))) {
      await whereWeStillMay(() => this.linker.deauthorize(connection));
    }
  }

  /** To deauthorise an account would disconnect every store that is connected to it. */
  private async isShared(store: StoreId, account: string): Promise<boolean> {
    const connected = await this.directory.connected();
    return connected.some((other) => other.id !== store && other.account === account);
  }
}

/** Where Stripe no longer lets us in, there is nothing left for us to take down. */
async function whereWeStillMay(takeDown: () => Promise<void>): Promise<void> {
  try {
    await takeDown();
  } catch (failure) {
    if (!(failure instanceof LinkRefused)) throw notNow(failure);
  }
}
