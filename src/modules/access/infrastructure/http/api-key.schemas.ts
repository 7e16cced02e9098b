import { z } from 'zod';
import { SCOPES } from '../../../../shared/domain/scope.js';
import { listOf, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { oneLine } from '../../../../shared/infrastructure/http/texts.js';

const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);
const stores = z.union([
  z.literal('all'),
  z
    .array(z.templateLiteral(['store_', z.string()]))
    .min(1)
    .max(100),
]);

export const ApiKeyBody = z
  .strictObject({
    name: oneLine(100, z.string().trim()).describe('The person or program that will hold the key.'),
    scopes: scopes.optional().describe('Left out: all that the calling key has.'),
    stores: stores.optional().describe('`all`, or ids of stores. Left out: what the calling key reaches.'),
    livemode: z.boolean().default(false).describe('Whether the secret begins with `qk_live_`.'),
  })
  .meta({
    id: 'NewApiKey',
    examples: [
      {
        name: 'Till 3',
        scopes: ['orders:read', 'charges:write'],
        stores: ['store_0193527c1b2e7c4f9d1a5b6c7d8e9f01'],
      },
    ],
  });

const shape = {
  id: z.templateLiteral(['key_', z.string()]),
  object: z.literal('api_key'),
  name: z.string(),
  prefix: z.string().describe('The first letters of the secret.'),
  scopes: z.array(z.enum(SCOPES)),
  stores: z.union([z.literal('all'), z.array(z.string())]),
  livemode: z.boolean(),
  status: z.enum(['active', 'revoked']),
  revoked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  revision: z.int(),
  metadata: z.record(z.string(), z.string()),
};

const example = {
  id: 'key_0193527c1b2e7c4f9d1a5b6c7d8e9f08',
  object: 'api_key',
  name: 'Till 3',
  prefix: 'qk_test_k7Qm',
  scopes: ['orders:read', 'charges:write'],
  stores: ['store_0193527c1b2e7c4f9d1a5b6c7d8e9f01'],
  livemode: false,
  status: 'active',
  revoked_at: null,
  created_at: '2026-11-23T10:00:00.000Z',
  revision: 1,
  metadata: {},
};

export const ApiKeyAnswer = z.object(shape).meta({ id: 'ApiKey', examples: [example] });
export const NewApiKeyAnswer = z
  .object({
    ...shape,
    secret: z.string().describe('The key itself. Told here once; it cannot be asked for again.'),
  })
  .meta({
    id: 'ApiKeyWithSecret',
    examples: [{ ...example, secret: 'qk_test_k7Qm… (43 letters and digits)' }],
  });
export const ApiKeyList = listOf('ApiKeyList', ApiKeyAnswer);
export const ApiKeyQuery = listQuery({ status: z.enum(['active', 'revoked']).optional() });
export const ApiKeyParam = z.templateLiteral(['key_', z.string().regex(/^[0-9a-f]{32}$/)]);
