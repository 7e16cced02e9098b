import type { IntegrationProblem } from '../domain/store.events.js';

/** What each problem is called, and what the merchant does about it. */
export const problemTexts: Readonly<Record<IntegrationProblem, Readonly<{ title: string; action: string }>>> =
  {
    account_gone: {
      title: 'The Stripe account is no longer connected',
      action: 'Connect the store to Stripe again.',
    },
    key_revoked: {
      title: 'Stripe no longer accepts the secret key',
      action: 'Make a new secret key in the Stripe dashboard and save it for this store.',
    },
    permission_missing: {
      title: 'The Stripe key lacks a permission',
      action: 'Give the key that permission in the Stripe dashboard, then save the key for this store again.',
    },
    stripe_unreachable: {
      title: 'Stripe cannot be reached',
      action:
        'Nothing needs doing if it passes. If it stays, look at status.stripe.com and at this server’s network.',
    },
    webhook_endpoint_refused: {
      title: 'Stripe does not take the address it is to report to',
      action:
        'Make the public address of this server one that Stripe can reach by https, or set up an endpoint in the Stripe dashboard and save its signing secret for this store.',
    },
    webhook_secret_wrong: {
      title: 'Messages from Stripe arrive with a wrong signature',
      action: 'Save the signing secret of the endpoint in the Stripe dashboard for this store.',
    },
  };
