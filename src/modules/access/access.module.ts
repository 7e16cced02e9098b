import { Global, Module } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Authenticator } from '../../shared/application/ports/access.port.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { BootstrapKey } from './application/bootstrap-key.js';
import { IssueApiKeyHandler } from './application/commands/issue-api-key.command.js';
import { RevokeApiKeyHandler } from './application/commands/revoke-api-key.command.js';
import { KeySecrets } from './application/key-secrets.js';
import { apiKeys } from './application/projections/api-keys.projection.js';
import { GetApiKeyHandler, ListApiKeysHandler } from './application/queries/api-keys.query.js';
import { StreamAuthenticator } from './application/stream.authenticator.js';
import { apiKeyCodec } from './infrastructure/event-store/api-key.codec.js';
import { ApiKeysController } from './infrastructure/http/api-keys.controller.js';

/** API keys: who may call, what, and in which stores. */
@Global()
@Module({
  controllers: [ApiKeysController],
  providers: [
    KeySecrets,
    BootstrapKey,
    IssueApiKeyHandler,
    RevokeApiKeyHandler,
    GetApiKeyHandler,
    ListApiKeysHandler,
    { provide: Authenticator, useClass: StreamAuthenticator },
  ],
  exports: [Authenticator, BootstrapKey],
})
export class AccessModule {
  constructor(catalog: EventCatalog, subscriptions: Subscriptions) {
    catalog.register(apiKeyCodec);
    subscriptions.addProjection(apiKeys);
  }
}
