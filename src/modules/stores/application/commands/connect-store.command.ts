import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { StoreChanges } from '../../domain/store.js';
import { ConnectionStates } from '../connection-states.js';
import { MerchantKeys } from '../merchant-keys.js';
import { storeAggregate } from '../store-aggregate.js';
import { StoreHealth } from '../store-health.js';

/** Names a store and connects it by the merchant's key, or begins an OAuth round. The same store twice: nothing new. */
export class ConnectStore extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly ask: Readonly<{ name: string; notification_email: string; stripe_secret_key: string | null }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ConnectStore)
export class ConnectStoreHandler implements ICommandHandler<ConnectStore> {
  constructor(
    private readonly streams: Streams,
    private readonly keys: MerchantKeys,
    private readonly states: ConnectionStates,
    private readonly health: StoreHealth,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `validation_failed` at `/stripe_secret_key`, `stripe_unreachable`: then there is no store. */
  async execute({ store, ask, context: asked }: ConnectStore): Promise<void> {
    const { name, notification_email, stripe_secret_key } = ask;
    const context = { ...asked, store };
    const open = (changes: StoreChanges) =>
      this.streams.handle(
        storeAggregate,
        store,
        { type: 'OpenStore', name, notification_email, changes },
        context,
      );
    if (stripe_secret_key === null) {
      const request = await this.states.begin(store, this.clock.now());
      await open(request ? { request } : {});
      return;
    }
    await this.keys.connect(store, stripe_secret_key, (connection) => open({ connection }));
    await this.health.check(store, context);
  }
}
