import { type CanActivate, type ExecutionContext, Injectable, Optional } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Authenticator, type Grant, KnownStores } from '../../application/ports/access.port.js';
import type { StoreId } from '../../domain/ids.js';
import { Refusal } from '../../domain/refusal.js';
import { ACCESS, type Access } from './access.js';
import { Principal } from './caller.js';
import { header, notesOn, requestOf } from './requests.js';

/** What a route declares; its own declaration goes before its controller's. */
export function accessOf(handler: object, controller: object): Access | undefined {
  return Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, controller);
}

/** Stands before every route. Denies whatever is not allowed in so many words. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    @Optional() private readonly stores?: KnownStores,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(context.getHandler(), context.getClass());
    if (access === 'public') return true;
    if (!access)
      throw new Error(`${context.getClass().name}.${context.getHandler().name} does not say who may call it`);
    const request = requestOf(context);
    const grant = await this.authenticate(request);
    if (!grant.scopes.includes(access.scope)) {
      throw new Refusal('forbidden_scope', `This call needs a key with the scope ${access.scope}.`, {
        required_scope: access.scope,
      });
    }
    notesOn(request).caller = new Principal(grant, request.id, await this.namedStore(request, grant));
    return true;
  }

  private async authenticate(request: FastifyRequest): Promise<Grant> {
    const [, secret] = /^Bearer ([\x21-\x7e]{8,200})$/i.exec(header(request, 'authorization') ?? '') ?? [];
    const grant = secret === undefined ? undefined : await this.authenticator.authenticate(secret);
    if (grant) {
      notesOn(request).keyId = grant.actor.id;
      return grant;
    }
    throw new Refusal('unauthenticated', 'Send a valid API key: `Authorization: Bearer qk_…`.');
  }

  /** @throws Refusal `not_found` for a store that the key does not reach, and in the same words for one that is not. */
  private async namedStore(request: FastifyRequest, { stores }: Grant): Promise<StoreId | undefined> {
    const name = header(request, 'quittance-store');
    if (name === undefined) return undefined;
    const store = name as StoreId;
    const reached = /^store_[A-Za-z0-9]{1,64}$/.test(name) && (stores === 'all' || stores.includes(store));
    if (reached && (stores !== 'all' || !this.stores || (await this.stores.has(store)))) return store;
    throw new Refusal('not_found', 'There is no such store, or this key does not reach it.');
  }
}
