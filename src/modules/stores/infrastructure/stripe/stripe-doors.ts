import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import { SecretVault } from '../../../../shared/application/ports/secret-vault.port.js';
import { StripeClients } from '../../../../shared/infrastructure/stripe/stripe-client.js';
import { LinkRefused } from '../../application/ports/account-linker.port.js';
import type { Connection } from '../../domain/store.events.js';

/** The vault is younger or older than the log: shown, and mailed to the merchant. */
const KEY_LOST =
  'The secret key of this store is no longer kept here. Save it for the store again; a new key of the same account will do too.';

/** Opens a connection: the one place where a merchant's key leaves the vault. */
@Injectable()
export class StripeDoors {
  constructor(
    private readonly clients: StripeClients,
    private readonly vault: SecretVault,
  ) {}

  /** @throws LinkRefused where the key is no longer kept, or there is no platform any more. */
  async through({ account, secret_ref: secretRef }: Connection): Promise<Stripe> {
    if (secretRef !== null) {
      const key = await this.vault.get(secretRef);
      if (key === undefined) throw new LinkRefused('key_revoked', KEY_LOST);
      return this.clients.withKey(key);
    }
    if (!this.clients.platform)
      throw new LinkRefused('key_revoked', 'No Stripe platform is configured here.');
    return this.clients.onBehalfOf(account);
  }
}
