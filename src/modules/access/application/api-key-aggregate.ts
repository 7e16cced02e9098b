import type { ApiKeyId } from '../../../shared/domain/ids.js';
import { apiKeyDecider } from '../domain/api-key.js';

/** API keys as the aggregate store loads and writes them: stream `apikey-{bare id}`. */
export const apiKeyAggregate = { category: 'apikey', decider: apiKeyDecider } as const;

export function apiKeyIdOf(stream: string): ApiKeyId {
  return `key_${stream.slice(stream.indexOf('-') + 1)}`;
}
