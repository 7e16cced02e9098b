import { describe, expect, test } from '@jest/globals';
import { integrationErrorEmail } from './integration-error.email.js';
import { testNotificationEmail } from './test-notification.email.js';

const data = {
  store_name: 'Lamps & Co',
  problem: 'key_revoked',
  detail: 'Stripe does not accept the key <b>.',
  since: '2026-11-23T10:00:00.000Z',
};

describe('the integration error mail', () => {
  test('says what broke, where, since when, and what to do', () => {
    const { fromName, subject, text } = integrationErrorEmail(data);
    expect(fromName).toBe('Lamps & Co');
    expect(subject).toBe('Lamps & Co: Stripe no longer accepts the secret key');
    expect(text).toContain('Since: 23 November 2026 at 10:00 UTC.');
    expect(text).toContain('Stripe does not accept the key <b>.');
    expect(text).toContain('Make a new secret key in the Stripe dashboard');
  });
  test('shows text as text', () => {
    const { html } = integrationErrorEmail(data);
    expect(html).toContain('Lamps &amp; Co');
    expect(html).toContain('the key &lt;b&gt;.');
  });
  test('is not written about a problem that there is not', () => {
    expect(() => integrationErrorEmail({ ...data, problem: 'rain' })).toThrow();
  });
});

test('the test notification names the store', () => {
  expect(testNotificationEmail({ store_name: 'Lamps & Co' }).text).toContain('the store Lamps & Co');
});
