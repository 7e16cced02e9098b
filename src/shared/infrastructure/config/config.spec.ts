import { describe, expect, test } from '@jest/globals';
import { Config, ConfigRefused } from './config.js';

function refusal(env: NodeJS.ProcessEnv): ConfigRefused {
  try {
    Config.read(env);
  } catch (error) {
    if (error instanceof ConfigRefused) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const production = {
  NODE_ENV: 'production',
  STRIPE_API_URL: 'https://api.stripe.com',
  SMTP_URL: 'smtp://mail.example.test:587',
};

describe('the settings', () => {
  test('need nothing: the sandbox, the inbox and the demo are embedded', () => {
    const config = Config.read({});
    expect(config.publicUrl).toBe('http://127.0.0.1:3000');
    expect(config.sandbox).toEqual({ port: 12_111 });
    expect(config.inbox).toEqual({ smtpPort: 1025, port: 8025 });
    expect(config.demo).toBe(true);
    expect(config.stripePlatform).toEqual({
      secretKey: 'sk_test_demo_platform',
      clientId: 'ca_demo_platform',
    });
  });

  test('left empty are left out', () => expect(Config.read({ PORT: '', SMTP_URL: '' }).port).toBe(3000));

  test('may leave ports to the system, which are learnt once they are known', () => {
    const config = Config.read({ PORT: '0', SANDBOX_PORT: '0', INBOX_PORT: '0', INBOX_SMTP_PORT: '0' });
    config.learn({ port: 4711, stripeApiUrl: 'http://127.0.0.1:4712' });
    config.learn({ smtpUrl: 'smtp://127.0.0.1:4713' });
    expect([config.publicUrl, config.stripeApiUrl, config.smtpUrl]).toEqual([
      'http://127.0.0.1:4711',
      'http://127.0.0.1:4712',
      'smtp://127.0.0.1:4713',
    ]);
  });

  test('name the public address, without its last slash', () =>
    expect(Config.read({ PUBLIC_URL: 'https://pay.example.test/' }).publicUrl).toBe(
      'https://pay.example.test',
    ));

  test('write an IPv6 host as addresses do', () =>
    expect(Config.read({ HOST: '::1' }).publicUrl).toBe('http://[::1]:3000'));

  test('have no demo where Stripe is real', () =>
    expect(Config.read({ STRIPE_API_URL: 'https://api.stripe.com' }).demo).toBe(false));

  test('turn the demo off', () => expect(Config.read({ DEMO: 'false' }).demo).toBe(false));

  test('have no platform where Stripe is real and none is named', () =>
    expect(Config.read({ STRIPE_API_URL: 'https://api.stripe.com' }).stripePlatform).toBeUndefined());

  test('are told all their faults at once, and none of their values', () => {
    const secret = 'hunter2-hunter2-hunter2';
    const { message, faults } = refusal({
      PORT: '70000',
      SANDBOX_PORT: 'nine',
      STRIPE_PLATFORM_KEY: secret,
      BOOTSTRAP_API_KEY: `${secret} ${secret}`,
      SMTP_URL: `http://${secret}`,
      LOG_LEVEL: secret,
      DEMO: secret,
      MAIL_FROM: secret,
      SWEEP_INTERVAL_MS: '0',
      NODE_ENV: secret,
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'SANDBOX_PORT',
      'STRIPE_PLATFORM_KEY',
      'SMTP_URL',
      'MAIL_FROM',
      'SWEEP_INTERVAL_MS',
      'LOG_LEVEL',
      'BOOTSTRAP_API_KEY',
      'DEMO',
      'NODE_ENV',
    ]);
    expect(message).not.toContain('hunter2');
  });

  test('are accepted in production with a real Stripe and a real mail server', () =>
    expect(Config.read(production).production).toBe(true));

  test.each([
    ['the sandbox in production', { ...production, STRIPE_API_URL: undefined }, 'STRIPE_API_URL'],
    ['the inbox in production', { ...production, SMTP_URL: undefined }, 'SMTP_URL'],
    [
      'a live key at another server than Stripe',
      { STRIPE_API_URL: 'http://127.0.0.1:3001', STRIPE_PLATFORM_KEY: 'sk_live_abc' },
      'STRIPE_PLATFORM_KEY',
    ],
    ['a live key at the sandbox', { STRIPE_PLATFORM_KEY: 'sk_live_abc' }, 'STRIPE_PLATFORM_KEY'],
    ['the demo at the real Stripe', { STRIPE_API_URL: 'https://api.stripe.com', DEMO: 'true' }, 'DEMO'],
    [
      'a short first key in production',
      { ...production, BOOTSTRAP_API_KEY: 'qk_live_12345678' },
      'BOOTSTRAP_API_KEY',
    ],
  ])('refuse %s', (_, env, name) =>
    expect(refusal(env).faults).toEqual([expect.stringMatching(`^${name}: `)]),
  );
});
