import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { SecretVault } from '../../../../shared/application/ports/secret-vault.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { existing, type StoreChanges } from '../../domain/store.js';
import type { ExistingStore } from '../../domain/store.state.js';
import { ConnectionStates } from '../connection-states.js';
import { MerchantKeys } from '../merchant-keys.js';
import { storeAggregate } from '../store-aggregate.js';
import { StoreHealth } from '../store-health.js';
import { secretGraceMs } from '../webhook-endpoints.js';

/** Changes what is given. A key reconnects; a store that is not connected gets a fresh OAuth round. */
export class UpdateStore extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly ask: Readonly<{
      name?: string;
      notification_email?: string;
      stripe_secret_key?: string;
      /** One more secret that Stripe may sign with; the earlier ones count for another 24 hours. */
      webhook_secret?: string;
      /** Of the stream's last event: where it has moved on since, nothing is changed. */
      expectedRevision?: number;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(UpdateStore)
export class UpdateStoreHandler implements ICommandHandler<UpdateStore> {
  constructor(
    private readonly streams: Streams,
    private readonly keys: MerchantKeys,
    private readonly states: ConnectionStates,
    private readonly vault: SecretVault,
    private readonly health: StoreHealth,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `not_found`, `validation_failed` at `/stripe_secret_key`, `mode_mismatch`, `stripe_unreachable`, `revision_mismatch` */
  async execute({ store, ask, context: asked }: UpdateStore): Promise<void> {
    const context = { ...asked, store };
    const before = existing((await this.streams.load(storeAggregate, store)).state);
    const { name, notification_email, stripe_secret_key, webhook_secret, expectedRevision } = ask;
    const options = expectedRevision === undefined ? {} : { expectedRevision };
    const request = await this.states.begin(store, this.clock.now());
    const changes: StoreChanges = {
      ...(name !== undefined && { name }),
      ...(notification_email !== undefined && { notification_email }),
      ...(request && { request }),
    };
    const revise = async (more: StoreChanges) => {
      const secret = webhook_secret === undefined ? {} : await this.oneMore(store, before, webhook_secret);
      const all = { ...changes, ...more, ...secret };
      await this.streams.handle(
        storeAggregate,
        store,
        { type: 'ReviseStore', changes: all },
        context,
        options,
      );
    };
    if (stripe_secret_key === undefined) return revise({});
    await this.keys.connect(store, stripe_secret_key, (connection) => revise({ connection }));
    await this.keys.forget(before.connection);
    await this.health.check(store, context);
  }

  /** The newest secret again is no change. */
  private async oneMore(store: StoreId, { secrets }: ExistingStore, secret: string): Promise<StoreChanges> {
    const newest = secrets.at(-1);
    if (newest && (await this.vault.get(newest.ref)) === secret) return {};
    const ref = `${store}/webhook_secret/${this.ids.next()}`;
    await this.vault.put(ref, secret);
    const earlier_until = new Date(this.clock.now().getTime() + secretGraceMs).toISOString();
    return { webhook_secret: { ref, earlier_until } };
  }
}
