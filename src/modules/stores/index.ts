/** The front door of stores: what other modules may use. */

export { ClearIntegrationError } from './application/commands/clear-integration-error.command.js';
export { RecordDeauthorization } from './application/commands/record-deauthorization.command.js';
export { ReportIntegrationError } from './application/commands/report-integration-error.command.js';
export { OpenPayments } from './application/ports/open-payments.port.js';
export { StoreDirectory, type StoreEntry } from './application/store-directory.js';
export type { IntegrationProblem, StoreEvent } from './domain/store.events.js';
export { isConnected, type StoreStatus } from './domain/store.state.js';
export { StripeAccounts, type StripeDoor } from './infrastructure/stripe/stripe-accounts.js';
