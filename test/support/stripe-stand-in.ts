import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Endpoint = Record<string, unknown> & { id: string };
type Answer = Readonly<{ status: number; body: unknown }>;
type Interference = Answer | 'silence' | undefined;

/** As much of Stripe as connecting a store needs, with a hand on every door: keys, permission, reachability. */
export class StripeStandIn {
  /** Accounts by the key that opens them. */
  readonly keys = new Map([
    ['sk_test_lamps', 'acct_lamps'],
    ['sk_test_lamps_2', 'acct_lamps'],
    ['sk_test_chairs', 'acct_chairs'],
    ['sk_test_platform', 'acct_platform'],
  ]);
  /** Accounts connected to the platform by OAuth. */
  readonly connected = new Set<string>();
  readonly endpoints = new Map<string, Endpoint[]>();
  /** What was asked, as `POST /v1/webhook_endpoints`. */
  readonly asked: string[] = [];
  /** Set to answer in Stripe's stead. */
  interfere: (call: string) => Interference | Promise<Interference> = () => undefined;

  private readonly replies = new Map<string, Answer>();
  private readonly codes = new Map<string, string>();
  private made = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<StripeStandIn> {
    const server = createServer();
    const stripe = new StripeStandIn(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      const answer = await stripe.answer(request, new URLSearchParams(body));
      if (answer === 'silence') return request.socket.destroy();
      response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_1' });
      return response.end(JSON.stringify(answer.body));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return stripe;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The merchant agrees on the page: the code that the browser comes back with. */
  agree(account: string): string {
    const code = `ac_${++this.made}`;
    this.codes.set(code, account);
    this.connected.add(account);
    return code;
  }

  endpointsOf(account: string): Endpoint[] {
    const found = this.endpoints.get(account) ?? [];
    this.endpoints.set(account, found);
    return found;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private async answer(request: IncomingMessage, params: URLSearchParams): Promise<Answer | 'silence'> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const call = `${request.method} ${pathname}`;
    this.asked.push(call);
    const instead = await this.interfere(call);
    if (instead) return instead;
    const key = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const owner = this.keys.get(key);
    if (!owner) return refused(401, {});
    if (pathname.startsWith('/oauth/')) return this.oauth(pathname, params);
    const behalf = request.headers['stripe-account'];
    const named = /^\/v1\/accounts\/(\w+)$/.exec(pathname)?.[1];
    const account = typeof behalf === 'string' ? behalf : (named ?? owner);
    if (account !== owner && !this.connected.has(account)) return refused(403, { code: 'account_invalid' });
    if (named || pathname === '/v1/account') return ok({ id: account, object: 'account', ...british });
    return this.once(request, () => this.webhooks(request, pathname, account, params));
  }

  private once(request: IncomingMessage, act: () => Answer): Answer {
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string') return act();
    const answer = this.replies.get(key) ?? act();
    this.replies.set(key, answer);
    return answer;
  }

  private oauth(pathname: string, params: URLSearchParams): Answer {
    if (pathname === '/oauth/deauthorize') {
      const account = params.get('stripe_user_id') ?? '';
      if (this.connected.delete(account)) return ok({ stripe_user_id: account });
      const error_description = `This application is not connected to stripe account ${account}.`;
      return { status: 401, body: { error: 'invalid_client', error_description } };
    }
    const code = params.get('code') ?? '';
    const account = this.codes.get(code);
    if (!this.codes.delete(code)) {
      return { status: 400, body: { error: 'invalid_grant', error_description: 'This code was used.' } };
    }
    return ok({ stripe_user_id: account, livemode: false, scope: 'read_write', token_type: 'bearer' });
  }

  private webhooks(
    { method }: IncomingMessage,
    pathname: string,
    account: string,
    params: URLSearchParams,
  ): Answer {
    const endpoints = this.endpointsOf(account);
    if (method === 'GET') return ok({ object: 'list', data: endpoints, has_more: false });
    if (method === 'DELETE') {
      const id = pathname.split('/').at(-1) ?? '';
      const at = endpoints.findIndex((endpoint) => endpoint.id === id);
      if (at < 0) return refused(404, { code: 'resource_missing' });
      endpoints.splice(at, 1);
      return ok({ id, object: 'webhook_endpoint', deleted: true });
    }
    const endpoint = {
      id: `we_${++this.made}`,
      object: 'webhook_endpoint',
      url: params.get('url'),
      api_version: params.get('api_version'),
      status: 'enabled',
      enabled_events: [...params]
        .filter(([name]) => name.startsWith('enabled_events'))
        .map(([, event]) => event),
      metadata: { store: params.get('metadata[store]') },
    };
    endpoints.push(endpoint);
    return ok({ ...endpoint, secret: `whsec_secret_of_${endpoint.id}` });
  }
}

const british = { country: 'GB', default_currency: 'gbp' };

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refused(status: number, fields: object): Answer {
  return { status, body: { error: { type: 'invalid_request_error', message: 'No.', ...fields } } };
}
