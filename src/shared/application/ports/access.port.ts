import type { StoreId } from '../../domain/ids.js';
import type { Scope } from '../../domain/scope.js';
import type { Actor } from '../context.js';

/** What an API key stands for: who holds it, what it may do, and where. */
export type Grant = Readonly<{
  actor: Actor;
  scopes: readonly Scope[];
  stores: 'all' | readonly StoreId[];
}>;

/** Knows every API key by its secret. A revoked key is unknown at once. */
export abstract class Authenticator {
  abstract authenticate(secret: string): Promise<Grant | undefined>;
}

/** Tells the edge which stores there are, so that a key that reaches all of them cannot name one that is not. */
export abstract class KnownStores {
  abstract has(store: StoreId): Promise<boolean>;
}
