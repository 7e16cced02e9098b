import { z } from 'zod';
import { listOf } from '../../../../shared/infrastructure/http/list-query.js';
import { mailAddress, oneLine } from '../../../../shared/infrastructure/http/texts.js';

export const StoreIdParam = z.templateLiteral(['store_', z.string().regex(/^[0-9a-f]{32}$/)]);

const name = oneLine(100, z.string().trim()).describe('Shown to customers, in mail and on the payment page.');
const notificationEmail = mailAddress.describe(
  'Gets one mail when the integration breaks, and one for everything that needs a person.',
);
const secretKey = z
  .string()
  .regex(
    /^(sk|rk)_(test|live)_\w{1,240}$/,
    'A secret key begins with sk_test_, sk_live_, rk_test_ or rk_live_.',
  )
  .describe('The merchant’s own secret key. It never comes back in any answer.');
const webhookSecret = z
  .string()
  .regex(/^whsec_[\w+/=-]{8,240}$/, 'A signing secret begins with whsec_.')
  .describe('One more secret that Stripe may sign with; the earlier ones count for another 24 hours.');

export const ConnectStoreBody = z
  .strictObject({ name, notification_email: notificationEmail, stripe_secret_key: secretKey.nullish() })
  .meta({
    id: 'ConnectStore',
    example: {
      name: 'Lamps & Co',
      notification_email: 'ops@lamps.test',
      stripe_secret_key: 'sk_test_demo_lamps',
    },
  });

export const UpdateStoreBody = z
  .strictObject({
    name: name.nullish(),
    notification_email: notificationEmail.nullish(),
    stripe_secret_key: secretKey.nullish(),
    webhook_secret: webhookSecret.nullish(),
  })
  .meta({ id: 'UpdateStore', example: { notification_email: 'it@lamps.test' } });

const moment = z.iso.datetime();

export const StoreAnswer = z
  .object({
    id: z.string(),
    object: z.literal('store'),
    name: z.string(),
    notification_email: z.string(),
    livemode: z.boolean(),
    status: z.enum(['named', 'connecting', 'connected', 'degraded', 'disconnected']),
    stripe_account: z
      .object({ id: z.string(), country: z.string(), default_currency: z.string() })
      .nullable(),
    webhook_endpoint: z.object({ id: z.string(), url: z.string(), status: z.literal('enabled') }).nullable(),
    connect_url: z
      .string()
      .nullable()
      .describe(
        'Where the merchant connects an account at Stripe. Good for ten minutes; PATCH makes a new one.',
      ),
    problems: z.array(z.object({ code: z.string(), since: moment, detail: z.string(), action: z.string() })),
    created_at: moment,
    revision: z.int(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({
    id: 'Store',
    example: {
      id: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
      object: 'store',
      name: 'Lamps & Co',
      notification_email: 'ops@lamps.test',
      livemode: false,
      status: 'connected',
      stripe_account: { id: 'acct_1PgafTB7WZ01zgkW', country: 'GB', default_currency: 'gbp' },
      webhook_endpoint: {
        id: 'we_1PgafTB7WZ01zgkW',
        url: 'http://127.0.0.1:3000/v1/webhooks/stripe/store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        status: 'enabled',
      },
      connect_url: null,
      problems: [],
      created_at: '2026-11-23T10:00:00.000Z',
      revision: 3,
      metadata: {},
    },
  });

export const StoreList = listOf('StoreList', StoreAnswer);
