/** The front door of access: what other modules may use. */

export { BootstrapKey } from './application/bootstrap-key.js';
export { apiKeys } from './application/projections/api-keys.projection.js';
export type { ApiKeyEvent } from './domain/api-key.js';
