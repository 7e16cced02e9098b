import { createHmac, randomBytes } from 'node:crypto';
import { AFaultyStore } from './a-faulty-store.js';
import type { RunningApp } from './running-app.js';

/** What `aStoreThatKnows` lets a test sign in Stripe's stead. */
export const SECRET = `whsec_${randomBytes(24).toString('hex')}`;

export const now = () => Math.floor(Date.now() / 1000);
export const mac = (body: string, at: number, secret = SECRET) =>
  createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
export const signed = (body: string, at = now(), secret = SECRET) => `t=${at},v1=${mac(body, at, secret)}`;

/** A store whose events may be signed with our secret, and for which Stripe's own deliveries are lost. */
export async function aStoreThatKnowsOurSecret(app: RunningApp): Promise<AFaultyStore> {
  const faulty = await AFaultyStore.in(app);
  await faulty.fault('drop', { type: '*' }, 'unlimited');
  const { client, id } = faulty.store;
  const { status } = await client.patch(`/v1/stores/${id}`, { webhook_secret: SECRET });
  if (status !== 200) throw new Error(`the secret is not taken: ${status}`);
  return faulty;
}

export function post(
  app: RunningApp,
  store: string,
  body: string | Buffer,
  signature?: string,
): Promise<Response> {
  return fetch(`${app.url}/v1/webhooks/stripe/${store}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature !== undefined && { 'stripe-signature': signature }),
    },
    body,
  });
}
