import type { Actor, Context } from '../../application/context.js';
import type { Grant } from '../../application/ports/access.port.js';
import type { StoreId } from '../../domain/ids.js';
import { Refusal } from '../../domain/refusal.js';
import type { Scope } from '../../domain/scope.js';

/** Who calls, in which request, and which store it is about. */
export class Principal {
  constructor(
    private readonly grant: Grant,
    private readonly requestId: string,
    /** The store that the request names and the key reaches. */
    private readonly named: StoreId | undefined,
  ) {}

  get actor(): Actor {
    return this.grant.actor;
  }
  get scopes(): readonly Scope[] {
    return this.grant.scopes;
  }
  /** The stores this key reaches. */
  get stores(): 'all' | readonly StoreId[] {
    return this.grant.stores;
  }

  /** Whether this key may do that too: `url` of a link is shown to `links:write` only. */
  may(scope: Scope): boolean {
    return this.grant.scopes.includes(scope);
  }

  reaches(store: StoreId): boolean {
    return this.grant.stores === 'all' || this.grant.stores.includes(store);
  }

  /** The one store this call is about. @throws Refusal `store_required` */
  store(): StoreId {
    const store = this.storeIfNamed();
    if (store) return store;
    throw new Refusal(
      'store_required',
      'This key reaches several stores; name one in the Quittance-Store header.',
    );
  }

  storeIfNamed(): StoreId | undefined {
    const { stores } = this.grant;
    return this.named ?? (stores !== 'all' && stores.length === 1 ? stores[0] : undefined);
  }

  /** What is written beside every event that follows from this call. */
  context(about: Readonly<{ reason?: string | undefined; order?: string | undefined }> = {}): Context {
    const store = this.storeIfNamed();
    return {
      actor: this.actor,
      correlationId: this.requestId,
      origin: 'api',
      ...(store && { store }),
      ...(about.reason && { reason: about.reason }),
      ...(about.order && { order: about.order }),
    };
  }
}
