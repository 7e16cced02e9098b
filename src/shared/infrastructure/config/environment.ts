import { z } from 'zod';

const port = (fallback: number, says: string) =>
  z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(0, 'is below 0')
    .max(65_535, 'is above 65535')
    .default(fallback)
    .describe(`${says} 0 takes a free one.`);

const url = (protocol: RegExp, says: string) =>
  z
    .url({ protocol, error: `is not a URL of the form ${says}` })
    .transform((value) => value.replace(/\/+$/, ''));

const flag = z
  .enum(['true', 'false', '1', '0', 'on', 'off'], { error: 'is neither true nor false' })
  .transform((value) => ['true', '1', 'on'].includes(value));

/** Every setting there is. The names are a contract; `docs/reference/config.md` is generated from here. */
export const Environment = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address the server listens on.'),
  PORT: port(3000, 'Port the server listens on.'),
  PUBLIC_URL: url(/^https?$/, 'http(s)://host')
    .optional()
    .describe('What customers reach us by: the base of `/pay` links. Left out: `http://HOST:PORT`.'),
  DATA_DIR: z
    .string()
    .default('./data')
    .describe(
      'Folder of the log, the read model and the keys. Made at first start, readable by its owner only.',
    ),
  STRIPE_API_URL: url(/^https?$/, 'http(s)://host')
    .optional()
    .describe('`https://api.stripe.com` for real money. Left out: the embedded sandbox on SANDBOX_PORT.'),
  SANDBOX_PORT: port(12_111, 'Port of the embedded Stripe sandbox.'),
  STRIPE_PLATFORM_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_\w+$/, 'is not a Stripe secret key')
    .optional()
    .describe('Secret key of the platform that stores connect to. The sandbox has its own.'),
  STRIPE_CLIENT_ID: z
    .string()
    .regex(/^ca_\w+$/, 'is not a Stripe Connect client id')
    .optional()
    .describe('Connect client id of that platform. The sandbox has its own.'),
  SMTP_URL: url(/^smtps?$/, 'smtp(s)://host')
    .optional()
    .describe('`smtp://user:password@host:587`. Left out: the embedded inbox.'),
  INBOX_SMTP_PORT: port(1025, 'SMTP port of the embedded inbox.'),
  INBOX_PORT: port(8025, 'Port of the page that shows the embedded inbox.'),
  MAIL_FROM: z
    .email('is not a mail address')
    .default('payments@quittance.test')
    .describe('Address that mail is sent from; the name beside it is the store’s.'),
  SWEEP_INTERVAL_MS: z.coerce
    .number({ error: 'is not a number' })
    .int('is not a whole number')
    .min(50, 'is below 50')
    .max(3_600_000, 'is above an hour')
    .default(5_000)
    .describe('How often payments without a known outcome are asked for at Stripe.'),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'], {
      error: 'is not one of silent, error, warn, info, debug',
    })
    .default('info')
    .describe('Lines below this level are not written.'),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(
      /^qk_(test|live)_[A-Za-z0-9_-]{8,128}$/,
      'is not qk_test_ or qk_live_ and 8 to 128 letters and digits',
    )
    .optional()
    .describe(
      'First API key, with every scope in every store. Left out: one is made and printed at first start.',
    ),
  DEMO: flag
    .optional()
    .describe(
      'Whether an empty system gets a demo store and orders. Left out: on with the embedded sandbox only.',
    ),
  NODE_ENV: z
    .enum(['development', 'test', 'production'], { error: 'is not one of development, test, production' })
    .default('development')
    .describe('`production` refuses to start with the embedded sandbox or inbox.'),
});

export type Environment = z.infer<typeof Environment>;

/** Rules that look at more than one setting. Each is a sentence without the values. */
export function contradictions(env: Environment): string[] {
  const production = env.NODE_ENV === 'production';
  const live = /^(sk|rk)_live_/.test(env.STRIPE_PLATFORM_KEY ?? '');
  const faults: [boolean, string][] = [
    [
      production && !env.STRIPE_API_URL,
      'STRIPE_API_URL: is needed in production, which never runs the sandbox',
    ],
    [production && !env.SMTP_URL, 'SMTP_URL: is needed in production, which never runs the inbox'],
    [
      production && env.BOOTSTRAP_API_KEY !== undefined && env.BOOTSTRAP_API_KEY.length < 40,
      'BOOTSTRAP_API_KEY: is too short for production, which wants at least 32 letters and digits',
    ],
    [
      live && env.STRIPE_API_URL !== 'https://api.stripe.com',
      'STRIPE_PLATFORM_KEY: is a live key, but STRIPE_API_URL is not Stripe',
    ],
    [env.DEMO === true && env.STRIPE_API_URL !== undefined, 'DEMO: needs the embedded sandbox'],
  ];
  return faults.filter(([at]) => at).map(([, fault]) => fault);
}
