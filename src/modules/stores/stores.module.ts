import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Outbox } from '../../shared/application/outbox.js';
import { KnownStores } from '../../shared/application/ports/access.port.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { Config } from '../../shared/infrastructure/config/config.js';
import { StripeClients } from '../../shared/infrastructure/stripe/stripe-client.js';
import { ClearIntegrationErrorHandler } from './application/commands/clear-integration-error.command.js';
import { CompleteConnectionHandler } from './application/commands/complete-connection.command.js';
import { ConnectStoreHandler } from './application/commands/connect-store.command.js';
import { DisconnectStoreHandler } from './application/commands/disconnect-store.command.js';
import { RecordDeauthorizationHandler } from './application/commands/record-deauthorization.command.js';
import { ReportIntegrationErrorHandler } from './application/commands/report-integration-error.command.js';
import {
  SendTestNotificationHandler,
  testNotification,
} from './application/commands/send-test-notification.command.js';
import { UpdateStoreHandler } from './application/commands/update-store.command.js';
import { ConnectionStates } from './application/connection-states.js';
import { MerchantKeys } from './application/merchant-keys.js';
import {
  integrationError,
  MailWhenIntegrationBreaks,
} from './application/policies/mail-when-integration-breaks.policy.js';
import { AccountLinker } from './application/ports/account-linker.port.js';
import { OwnAddresses } from './application/ports/own-addresses.port.js';
import { stores } from './application/projections/stores.projection.js';
import { GetStoreHandler } from './application/queries/get-store.query.js';
import { ListStoresHandler } from './application/queries/list-stores.query.js';
import { FoldedStoreDirectory, StoreDirectory } from './application/store-directory.js';
import { StoreHealth } from './application/store-health.js';
import { StoreResources } from './application/store-resources.js';
import { StoreWatch } from './application/store-watch.js';
import { WebhookEndpoints } from './application/webhook-endpoints.js';
import { ConfiguredOwnAddresses } from './infrastructure/config/configured.own-addresses.js';
import { storeCodec } from './infrastructure/event-store/store.codec.js';
import { OAuthCallbackController } from './infrastructure/http/oauth-callback.controller.js';
import { StoresController } from './infrastructure/http/stores.controller.js';
import { integrationErrorEmail } from './infrastructure/mail/integration-error.email.js';
import { testNotificationEmail } from './infrastructure/mail/test-notification.email.js';
import { StripeAccountLinker } from './infrastructure/stripe/stripe.account-linker.js';
import { ConnectedStripeAccounts, StripeAccounts } from './infrastructure/stripe/stripe-accounts.js';
import { StripeDoors } from './infrastructure/stripe/stripe-doors.js';
import { WatchWhenListening } from './infrastructure/watch/watch-when-listening.js';

const handlers = [
  ClearIntegrationErrorHandler,
  CompleteConnectionHandler,
  ConnectStoreHandler,
  DisconnectStoreHandler,
  GetStoreHandler,
  ListStoresHandler,
  RecordDeauthorizationHandler,
  ReportIntegrationErrorHandler,
  SendTestNotificationHandler,
  UpdateStoreHandler,
];

/**
 * Stores and their Stripe accounts. Global, since the edge asks for KnownStores before any controller is reached.
 * Needs, from global modules: the buses, Streams, ReadModel, Subscriptions, EventCatalog, Outbox, SecretVault,
 * Clock, Ids, Config and Log.
 */
@Global()
@Module({
  controllers: [OAuthCallbackController, StoresController],
  providers: [
    ...handlers,
    ConnectionStates,
    FoldedStoreDirectory,
    MailWhenIntegrationBreaks,
    MerchantKeys,
    StoreHealth,
    StoreResources,
    StoreWatch,
    StripeDoors,
    WatchWhenListening,
    WebhookEndpoints,
    { provide: AccountLinker, useClass: StripeAccountLinker },
    { provide: KnownStores, useExisting: FoldedStoreDirectory },
    { provide: OwnAddresses, useClass: ConfiguredOwnAddresses },
    { provide: StoreDirectory, useExisting: FoldedStoreDirectory },
    { provide: StripeAccounts, useClass: ConnectedStripeAccounts },
    {
      provide: StripeClients,
      inject: [Config],
      useFactory: ({ stripeApiUrl, stripePlatform }: Config) =>
        new StripeClients(stripeApiUrl, stripePlatform),
    },
  ],
  exports: [KnownStores, StoreDirectory, StripeAccounts],
})
export class StoresModule implements OnApplicationShutdown {
  constructor(
    catalog: EventCatalog,
    subscriptions: Subscriptions,
    outbox: Outbox,
    mailWhenIntegrationBreaks: MailWhenIntegrationBreaks,
    private readonly clients: StripeClients,
  ) {
    catalog.register(storeCodec);
    subscriptions.addProjection(stores).addPolicy(mailWhenIntegrationBreaks);
    outbox.renders(integrationError, async ({ data }) => integrationErrorEmail(data));
    outbox.renders(testNotification, async ({ data }) => testNotificationEmail(data));
  }

  onApplicationShutdown(): void {
    this.clients.close();
  }
}
