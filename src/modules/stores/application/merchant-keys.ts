import { Injectable } from '@nestjs/common';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { SecretVault } from '../../../shared/application/ports/secret-vault.port.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Connection } from '../domain/store.events.js';
import { refusedAt } from './link-refusals.js';
import { AccountLinker } from './ports/account-linker.port.js';

/** Merchants' secret keys: tried at Stripe before they are kept, and kept in the vault only. */
@Injectable()
export class MerchantKeys {
  constructor(
    private readonly linker: AccountLinker,
    private readonly vault: SecretVault,
    private readonly ids: Ids,
  ) {}

  /**
   * Tries the key, keeps it, and lets `use` write the connection down. A refusal by Stripe or by `use` keeps nothing.
   * @throws Refusal `validation_failed` at `/stripe_secret_key`, `stripe_unreachable`
   */
  async connect<T>(
    store: StoreId,
    secretKey: string,
    use: (connection: Connection) => Promise<T>,
  ): Promise<T> {
    const account = await this.linker.accountOf(secretKey).catch(refusedAt('/stripe_secret_key'));
    const secret_ref = `${store}/stripe_key/${this.ids.next()}`;
    await this.vault.put(secret_ref, secretKey);
    try {
      return await use({ ...account, method: 'key', secret_ref });
    } catch (failure) {
      // Any other failure leaves it open whether the event that names this key was written.
      if (failure instanceof Refusal) await this.vault.remove(secret_ref);
      throw failure;
    }
  }

  /** A key that no connection names any more. */
  async forget(connection: Connection | null): Promise<void> {
    if (connection?.secret_ref) await this.vault.remove(connection.secret_ref);
  }
}
