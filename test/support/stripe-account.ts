import Stripe from 'stripe';

/** What the merchant sees at Stripe: their own account at the sandbox, through Stripe's own SDK. */
export function stripeAccount(sandboxUrl: string, key = 'sk_test_demo_lamps'): Stripe {
  const { hostname, port } = new URL(sandboxUrl);
  return new Stripe(key, {
    host: hostname,
    port: Number(port),
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
}

/** The captured intents that carry this order's number. */
export async function capturesOf(stripe: Stripe, order: string): Promise<Stripe.PaymentIntent[]> {
  const captures: Stripe.PaymentIntent[] = [];
  for await (const intent of stripe.paymentIntents.list({ limit: 100 })) {
    if (intent.metadata['order_number'] === order && intent.status === 'succeeded') captures.push(intent);
  }
  return captures;
}
