import { demoOrders } from './demo-orders.js';
import { QuittanceClient } from './tour/quittance.client.js';

/** The sandbox's own account of this name. */
const DEMO_KEY = 'sk_test_demo_lamps';

/** A store and a handful of orders for a newcomer, through the same public API that a client app uses. */
export async function seedDemo(baseUrl: string, apiKey: string): Promise<void> {
  const client = new QuittanceClient(baseUrl, apiKey);
  const { body: stores } = await client.get('/v1/stores');
  if (stores.data.length > 0) return;
  const { status, body: store } = await client.post('/v1/stores', {
    name: 'Lamps & Co',
    notification_email: 'ops@lamps.test',
    stripe_secret_key: DEMO_KEY,
  });
  if (status !== 201) throw new Error(`the demo store was refused: ${store.code}`);
  const atStore = client.forStore(store.id);
  for (const { external_id, ...order } of demoOrders) {
    const { status, body } = await atStore.put(`/v1/orders/${external_id}`, order);
    if (status > 201) throw new Error(`demo order ${external_id} was refused: ${body.code}`);
  }
}
