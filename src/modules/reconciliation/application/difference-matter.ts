import type { StoreId } from '../../../shared/domain/ids.js';

/** What an exception about a difference is about: one matter, however many runs find it. */
export function differenceMatter(store: StoreId, difference: string) {
  return { kind: 'reconciliation_difference', matter: `${store}:${difference}` } as const;
}
