import { StoreDirectory, type StoreEntry } from '../../../src/modules/stores/index.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import { Refusal } from '../../../src/shared/domain/refusal.js';
import type { Road } from './stripe-line.js';

/** The stores of the simulated world, each with an account of its own. */
export const simulatedStores: readonly StoreEntry[] = ['lamps', 'chairs'].map((name, at) => ({
  id: `store_0${at + 1}`,
  name,
  notification_email: `${name}@merchant.test`,
  status: 'connected',
  account: `acct_${name}`,
  livemode: false,
}));

/** Who is connected now. How a store is connected is proved elsewhere. */
export class SimulatedStoreDirectory extends StoreDirectory {
  constructor(private readonly road: Road) {
    super();
  }

  override async find(id: StoreId): Promise<StoreEntry | undefined> {
    const entry = simulatedStores.find((store) => store.id === id);
    return entry && this.road.disconnected.has(id) ? { ...entry, status: 'disconnected' } : entry;
  }

  override async get(id: StoreId): Promise<StoreEntry> {
    const entry = await this.find(id);
    if (!entry) throw new Refusal('not_found', 'There is no such store.');
    return entry;
  }

  override async connected(): Promise<readonly StoreEntry[]> {
    return simulatedStores.filter(({ id }) => !this.road.disconnected.has(id));
  }
}
