import type { StoreId } from '../../../shared/domain/ids.js';
import { storeDecider } from '../domain/store.js';

/** Stores as the aggregate store loads and writes them: stream `store-{bare id}`. */
export const storeAggregate = { category: 'store', decider: storeDecider } as const;

export function storeIdOf(stream: string): StoreId {
  return `store_${stream.slice(stream.indexOf('-') + 1)}`;
}
