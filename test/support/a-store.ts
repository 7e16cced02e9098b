import { randomUUID } from 'node:crypto';
import type { Json, QuittanceClient, Reply } from '../../src/cli/tour/quittance.client.js';
import { Positions } from '../../src/shared/infrastructure/http/positions.js';
import { headOf } from './log-of.js';
import type { RunningApp } from './running-app.js';

let orders = 0;

/** A connected store with the words that its users have: import an order, charge it, send a link, look. */
export class AStore {
  private constructor(
    readonly client: QuittanceClient,
    readonly id: string,
    private readonly app: RunningApp,
  ) {}

  static async connectedTo(app: RunningApp, key = 'sk_test_demo_lamps'): Promise<AStore> {
    const made = await app.client.post('/v1/stores', {
      name: 'Lamps & Co',
      notification_email: 'ops@lamps.test',
      stripe_secret_key: key,
    });
    if (made.status !== 201) throw new Error(`no store: ${JSON.stringify(made.body)}`);
    return new AStore(app.client.forStore(made.body.id), made.body.id, app);
  }

  /** @returns the caller's id of a new order, 100.00 USD unless told otherwise */
  async anOrder(terms: Record<string, unknown> = {}): Promise<string> {
    orders += 1;
    const id = `SO-${orders}-${randomUUID().slice(0, 8)}`;
    const reply = await this.client.put(`/v1/orders/${id}`, {
      number: id,
      currency: 'usd',
      customer: { external_id: 'c-7', name: 'Ada Lovelace', email: 'ada@example.test' },
      total: 10000,
      ...terms,
    });
    if (reply.status !== 201) throw new Error(`no order: ${JSON.stringify(reply.body)}`);
    return id;
  }

  /** The order as it is now, after everything that this client has written. */
  async order(id: string): Promise<Json> {
    return (await this.client.get(`/v1/orders/${id}`)).body;
  }

  charge(order: string, body: Record<string, unknown> = {}, key: string = randomUUID()): Promise<Reply> {
    return this.client.post(
      `/v1/orders/${order}/charges`,
      { payment_method: 'pm_card_visa', ...body },
      { key },
    );
  }

  link(order: string, body: Record<string, unknown> = {}, key: string = randomUUID()): Promise<Reply> {
    return this.client.post(`/v1/orders/${order}/payment_links`, body, { key });
  }

  refund(payment: string, body: Record<string, unknown> = {}, key: string = randomUUID()): Promise<Reply> {
    return this.client.post(`/v1/payments/${payment}/refunds`, body, { key });
  }

  /** Money that came past Stripe. */
  receive(order: string, body: Record<string, unknown> = {}, key: string = randomUUID()): Promise<Reply> {
    const cash = { amount: 2000, method: 'cash', ...body };
    return this.client.post(`/v1/orders/${order}/offline_payments`, cash, { key });
  }

  transactions(order: string): Promise<Json[]> {
    return this.#rows(`/v1/orders/${order}/transactions`);
  }

  history(order: string): Promise<Json[]> {
    return this.#rows(`/v1/orders/${order}/history?limit=100`);
  }

  /** Rows that show at least what the log holds by now, however slow the machine is. */
  #rows(path: string): Promise<Json[]> {
    const headers = { 'quittance-position': Positions.token(headOf(this.app)) };
    return eventually(async () => {
      const { status, body } = await this.client.get(path, headers);
      return body.code === 'read_model_behind' ? undefined : status === 200 ? body.data : refuse(body);
    });
  }

  /** Looks until the order is as it should be. */
  async until(order: string, isSo: (order: Json) => boolean, patienceMs = 10_000): Promise<Json> {
    return eventually(async () => {
      const found = await this.order(order);
      return isSo(found) ? found : undefined;
    }, patienceMs);
  }
}

function refuse(body: Json): never {
  throw new Error(`no rows: ${JSON.stringify(body)}`);
}

/** Looks until there is something to see. */
export async function eventually<T>(look: () => Promise<T | undefined>, patienceMs = 10_000): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > until) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
