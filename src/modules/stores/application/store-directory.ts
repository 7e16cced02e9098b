import { Injectable } from '@nestjs/common';
import { KnownStores } from '../../../shared/application/ports/access.port.js';
import { ReadModel } from '../../../shared/application/read-model.js';
import { Streams } from '../../../shared/application/streams.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { isConnected, type StoreStatus, statusOf } from '../domain/store.state.js';
import { stores } from './projections/stores.projection.js';
import { storeAggregate } from './store-aggregate.js';

export type StoreEntry = Readonly<{
  id: StoreId;
  name: string;
  /** Where mail about this store goes: its From name is `name`, its reader here. */
  notification_email: string;
  status: StoreStatus;
  /** The account its payments live in, also after it was disconnected; `null` before it was ever connected. */
  account: string | null;
  /** `false` before it was ever connected. */
  livemode: boolean;
}>;

/** Every store as it is now, folded from its stream: no lag behind the log. */
export abstract class StoreDirectory {
  abstract find(store: StoreId): Promise<StoreEntry | undefined>;
  /** @throws Refusal `not_found` */
  abstract get(store: StoreId): Promise<StoreEntry>;
  /** Every store with a connection, healthy or not, as far as the read model has seen. */
  abstract connected(): Promise<readonly StoreEntry[]>;
}

const connectedStatuses: readonly StoreStatus[] = ['connecting', 'connected', 'degraded'];

@Injectable()
export class FoldedStoreDirectory extends StoreDirectory implements KnownStores {
  constructor(
    private readonly streams: Streams,
    private readonly readModel: ReadModel,
  ) {
    super();
  }

  async find(id: StoreId): Promise<StoreEntry | undefined> {
    const { state } = await this.streams.load(storeAggregate, id);
    if (!state.exists) return undefined;
    const { name, notification_email, home } = state;
    return {
      id,
      name,
      notification_email,
      status: statusOf(state),
      account: home?.account ?? null,
      livemode: home?.livemode ?? false,
    };
  }

  async get(id: StoreId): Promise<StoreEntry> {
    const entry = await this.find(id);
    if (!entry) throw new Refusal('not_found', 'There is no such store.');
    return entry;
  }

  async has(id: StoreId): Promise<boolean> {
    return (await this.find(id)) !== undefined;
  }

  async connected(): Promise<readonly StoreEntry[]> {
    const found: StoreEntry[] = [];
    for await (const { id } of this.readModel.all(stores, {
      where: { status: connectedStatuses },
      limit: 100,
    })) {
      const entry = await this.find(id);
      if (entry && isConnected(entry.status)) found.push(entry);
    }
    return found;
  }
}
