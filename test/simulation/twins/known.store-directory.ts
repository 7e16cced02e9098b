import { StoreDirectory, type StoreEntry } from '../../../src/modules/stores/index.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import { Refusal } from '../../../src/shared/domain/refusal.js';

/** The stores of the simulated world, each connected to an account of its own. */
export const simulatedStores: readonly StoreEntry[] = ['lamps', 'chairs'].map((name, at) => ({
  id: `store_0${at + 1}`,
  name,
  notification_email: `${name}@merchant.test`,
  status: 'connected',
  account: `acct_${name}`,
  livemode: false,
}));

/** Stores that never change: who is connected is proved elsewhere. */
export class KnownStoreDirectory extends StoreDirectory {
  override async find(id: StoreId): Promise<StoreEntry | undefined> {
    return simulatedStores.find((store) => store.id === id);
  }

  override async get(id: StoreId): Promise<StoreEntry> {
    const entry = await this.find(id);
    if (!entry) throw new Refusal('not_found', 'There is no such store.');
    return entry;
  }

  override async connected(): Promise<readonly StoreEntry[]> {
    return simulatedStores;
  }
}
