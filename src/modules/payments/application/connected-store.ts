import type { StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { isConnected, type StoreDirectory, type StoreEntry } from '../../stores/index.js';

/** @throws Refusal `store_disconnected` before anything is reserved or asked of Stripe. */
export async function connectedStore(stores: StoreDirectory, id: StoreId): Promise<StoreEntry> {
  const store = await stores.get(id);
  if (isConnected(store.status)) return store;
  throw new Refusal('store_disconnected', 'The store is not connected to Stripe.', { store: id });
}
