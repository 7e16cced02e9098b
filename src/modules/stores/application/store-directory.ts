import type { StoreId } from '../../../shared/domain/ids.js';
import type { StoreStatus } from '../domain/store.state.js';

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
}
