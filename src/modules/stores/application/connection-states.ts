import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { SecretVault } from '../../../shared/application/ports/secret-vault.port.js';
import { bareId, type StoreId } from '../../../shared/domain/ids.js';
import type { ConnectionRequest } from '../domain/store.state.js';
import { AccountLinker } from './ports/account-linker.port.js';
import { OwnAddresses } from './ports/own-addresses.port.js';

const lifeMs = 10 * 60_000;

/**
 * The `state` of an OAuth round: it names the store, cannot be made up, and is good for ten minutes and once.
 * It is derived from a server key whenever it is shown; only its hash is written down.
 */
@Injectable()
export class ConnectionStates {
  constructor(
    private readonly vault: SecretVault,
    private readonly ids: Ids,
    private readonly linker: AccountLinker,
    private readonly addresses: OwnAddresses,
  ) {}

  /** A new round. `undefined` where we are no platform that accounts can be connected to. */
  async begin(
    store: StoreId,
    now: Date,
  ): Promise<(ConnectionRequest & Readonly<{ at: string }>) | undefined> {
    if (this.linker.authorizeUrl('', '') === null) return undefined;
    const request = this.ids.next();
    const state_hash = hashOf(await this.stateOf(store, request));
    const expires_at = new Date(now.getTime() + lifeMs).toISOString();
    return { request, state_hash, expires_at, at: now.toISOString() };
  }

  /** The page to send the merchant to, while the round is open. */
  async connectUrl(
    store: StoreId,
    round: Readonly<{ request: string; expires_at: string }> | null,
    now: Date,
  ): Promise<string | null> {
    if (!round || round.expires_at <= now.toISOString()) return null;
    const state = await this.stateOf(store, round.request);
    return this.linker.authorizeUrl(state, this.addresses.connectionReturnUrl());
  }

  /** The store that a state is about, and the hash it is known by; `undefined` where it is no state of ours. */
  read(state: string): Readonly<{ store: StoreId; stateHash: string }> | undefined {
    const [bare = ''] = state.split('.', 1);
    return /^[0-9a-f]{32}$/.test(bare) ? { store: `store_${bare}`, stateHash: hashOf(state) } : undefined;
  }

  private async stateOf(store: StoreId, request: string): Promise<string> {
    const key = await this.vault.key('connection_state');
    const mac = createHmac('sha256', key).update(`${store}.${request}`).digest('base64url');
    return `${bareId(store)}.${mac}`;
  }
}

function hashOf(state: string): string {
  return createHash('sha256').update(state).digest('hex');
}
