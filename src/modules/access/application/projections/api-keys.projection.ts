import type { Projection, Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { ApiKeyId } from '../../../../shared/domain/ids.js';
import type { ApiKeyEvent, Reach } from '../../domain/api-key.js';
import { apiKeyIdOf } from '../api-key-aggregate.js';

/** An API key as clients see it: nothing in it opens anything. */
export type ApiKeyRow = Reach & {
  readonly id: ApiKeyId;
  readonly object: 'api_key';
  readonly name: string;
  readonly prefix: string;
  readonly livemode: boolean;
  readonly status: 'active' | 'revoked';
  readonly revoked_at: string | null;
  readonly created_at: string;
  readonly revision: number;
  readonly metadata: Readonly<Record<string, string>>;
};

/** Every key that was ever handed out. */
export const apiKeys: Projection<ApiKeyEvent, ApiKeyRow> = {
  name: 'api-keys',
  version: 1,
  indexes: ['status'],
  reads: ['ApiKeyIssued', 'ApiKeyRevoked'],
  keys: ({ stream }) => [apiKeyIdOf(stream)],
  project: (row, event) => {
    const revision = event.revision + 1;
    switch (event.type) {
      case 'ApiKeyIssued': {
        const { name, prefix, scopes, stores, livemode } = event.data;
        return {
          id: apiKeyIdOf(event.stream),
          object: 'api_key',
          name,
          prefix,
          scopes,
          stores,
          livemode,
          status: 'active',
          revoked_at: null,
          created_at: event.at,
          revision,
          metadata: {},
        };
      }
      case 'ApiKeyRevoked':
        return row ? { ...row, status: 'revoked', revoked_at: event.at, revision } : null;
      default:
        return assertNever(event);
    }
  },
};

/** The row as a key's own stream makes it: never behind. */
export function foldRow(events: readonly Told<ApiKeyEvent>[]): ApiKeyRow | undefined {
  return events.reduce<ApiKeyRow | undefined>(
    (row, event) => apiKeys.project(row, event, apiKeyIdOf(event.stream)) ?? undefined,
    undefined,
  );
}
