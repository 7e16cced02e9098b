import { Injectable } from '@nestjs/common';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Config } from '../../../../shared/infrastructure/config/config.js';
import { OwnAddresses } from '../../application/ports/own-addresses.port.js';

@Injectable()
export class ConfiguredOwnAddresses extends OwnAddresses {
  constructor(private readonly config: Config) {
    super();
  }

  webhookUrl(store: StoreId): string {
    return `${this.config.publicUrl}/v1/webhooks/stripe/${store}`;
  }

  connectionReturnUrl(): string {
    return `${this.config.publicUrl}/v1/stores/oauth/callback`;
  }
}
