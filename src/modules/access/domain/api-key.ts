import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import type { StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Scope } from '../../../shared/domain/scope.js';

/** What a key may do and where. */
export type Reach = Readonly<{ scopes: readonly Scope[]; stores: 'all' | readonly StoreId[] }>;

export type Issued = Reach &
  Readonly<{
    /** The person or program that holds the key. */
    name: string;
    /** SHA-256 of the secret, hex. The secret itself is told once and kept nowhere. */
    hash: string;
    /** The secret's first letters, by which people tell keys apart. */
    prefix: string;
    livemode: boolean;
  }>;

export type ApiKeyEvent =
  | { type: 'ApiKeyIssued'; data: Issued }
  | { type: 'ApiKeyRevoked'; data: Readonly<Record<never, never>> };

export type ApiKeyCommand = { type: 'IssueKey'; key: Issued } | { type: 'RevokeKey' };

export type ApiKey = { status: 'none' } | { status: 'active' | 'revoked'; key: Issued };

export const apiKeyDecider: Decider<ApiKeyCommand, ApiKey, ApiKeyEvent> = {
  initial: { status: 'none' },
  decide(command, state) {
    switch (command.type) {
      case 'IssueKey':
        return state.status === 'none' ? [{ type: 'ApiKeyIssued', data: command.key }] : [];
      case 'RevokeKey':
        if (state.status === 'none') throw new Refusal('not_found', 'There is no such key.');
        return state.status === 'active' ? [{ type: 'ApiKeyRevoked', data: {} }] : [];
      default:
        return assertNever(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ApiKeyIssued':
        return { status: 'active', key: event.data };
      case 'ApiKeyRevoked':
        return state.status === 'none' ? state : { ...state, status: 'revoked' };
      default:
        return assertNever(event);
    }
  },
};

/** A scope that the holder lacks and the other has. Nobody hands out more than they have. */
export function missingScope(holder: Reach, other: Reach): Scope | undefined {
  return other.scopes.find((scope) => !holder.scopes.includes(scope));
}

/** Whether someone who reaches the one may hand out, see or revoke a key that reaches the other. */
export function coversStores(
  { stores: held }: Pick<Reach, 'stores'>,
  { stores }: Pick<Reach, 'stores'>,
): boolean {
  if (held === 'all') return true;
  return stores !== 'all' && stores.every((store) => held.includes(store));
}
