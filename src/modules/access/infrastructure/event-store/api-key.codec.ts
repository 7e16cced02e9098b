import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import { SCOPES } from '../../../../shared/domain/scope.js';
import type { ApiKeyEvent } from '../../domain/api-key.js';

type DataOf<T extends ApiKeyEvent['type']> = Extract<ApiKeyEvent, { type: T }>['data'];

/** The stored shape of an event at its newest version. */
function stored<T extends ApiKeyEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** What is written to the log and read from it. Stored shapes never change: a new one is a new version and an upcast. */
export const apiKeyCodec: EventCodec<ApiKeyEvent> = {
  ApiKeyIssued: stored<'ApiKeyIssued'>(
    z.object({
      name: z.string(),
      hash: z.string(),
      prefix: z.string(),
      scopes: z.array(z.enum(SCOPES)),
      stores: z.union([z.literal('all'), z.array(z.templateLiteral(['store_', z.string()]))]),
      livemode: z.boolean(),
    }),
  ),
  ApiKeyRevoked: stored<'ApiKeyRevoked'>(z.object({})),
};
