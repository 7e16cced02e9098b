import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import {
  type StripeSandbox,
  type StripeSandboxOptions,
  startStripeSandbox,
} from '../../../src/sandbox/stripe/index.js';
import { assertAnyStripeObject, assertStripeObject } from '../../support/stripe-schema.js';

export const lamps = 'sk_test_demo_lamps';
export const books = 'sk_test_demo_books';
export const tea = 'sk_test_demo_tea';
export const platformKey = 'sk_test_demo_platform';

/** A sandbox in a hurry: what takes seconds there takes milliseconds here. */
export function aSandbox(options: Partial<StripeSandboxOptions> = {}): Promise<StripeSandbox> {
  return startStripeSandbox({
    port: 0,
    captureDelayMs: 20,
    refundDelayMs: 20,
    webhookProfile: 'fast',
    ...options,
  });
}

/** The real SDK; every reply it gets is held against Stripe's own types. */
export function aClient(sandbox: StripeSandbox, key: string = books, stripeAccount?: string): Stripe {
  return new Stripe(key, {
    host: '127.0.0.1',
    port: sandbox.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    timeout: 1500,
    telemetry: false,
    httpClient: checkingClient(),
    ...(stripeAccount === undefined ? {} : { stripeAccount }),
  });
}

/** Replies that Stripe's types would not allow: the SDK would hide an error thrown where it reads them. */
export const misshapen: string[] = [];

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

function checkingClient(): HttpClient {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...request) => {
      const answer = await client.makeRequest(...request);
      const [, , path, , , data] = request;
      return {
        getStatusCode: () => answer.getStatusCode(),
        getHeaders: () => answer.getHeaders(),
        getRawResponse: () => answer.getRawResponse(),
        toStream: (done) => answer.toStream(done),
        toJSON: async () => {
          const body: object = await answer.toJSON();
          try {
            checkReply(
              path,
              answer.getStatusCode(),
              body,
              expandedIn(`${path.split('?')[1]}&${String(data ?? '')}`),
            );
          } catch (fault) {
            misshapen.push(`${path}: ${String(fault)}`);
          }
          return body;
        },
      };
    },
  };
}

function checkReply(path: string, status: number, body: unknown, expanded: readonly string[]): void {
  const reply = body as Record<string, unknown>;
  if (status === 200) {
    if (path.startsWith('/oauth/token')) assertStripeObject('oauth_token', body);
    else if (path.startsWith('/oauth/deauthorize')) assertStripeObject('oauth_deauthorization', body);
    else assertAnyStripeObject(body, expanded);
    return;
  }
  const error = reply['error'] as Record<string, unknown> | undefined;
  if (error && typeof error === 'object' && error['payment_intent']) {
    assertStripeObject('payment_intent', error['payment_intent']);
  }
}

function expandedIn(query: string): string[] {
  return [...new URLSearchParams(query)]
    .filter(([name]) => name.startsWith('expand['))
    .map(([, path]) => path.replace(/^data\./, ''));
}

export { anOwner } from '../../support/sandbox-owner.js';

export type Received = Readonly<{ body: string; headers: IncomingHttpHeaders }>;

/** Somebody who takes webhooks, and answers as told. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  status = 200;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server);
    server.on('request', async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      receiver.received.push({ body, headers: request.headers });
      response.writeHead(receiver.status).end();
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  get types(): string[] {
    return this.received.map(({ body }) => (JSON.parse(body) as { type: string }).type);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Waits until something is so; fails with what it was at last. */
export async function eventually<T>(
  look: () => T | Promise<T>,
  so: (seen: T) => boolean,
  withinMs = 4000,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (so(seen)) return seen;
    if (Date.now() > end) throw new Error(`it never came to be: ${JSON.stringify(seen)}`);
    await new Promise((later) => setTimeout(later, 15));
  }
}

/** The error that a call ends in. */
export async function failure(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

/** Fills in and sends the form on a page, as a browser without scripts does. */
export async function submit(page: string | Response, fields: Record<string, string>): Promise<Response> {
  const response = typeof page === 'string' ? await fetch(page) : page;
  const markup = await response.text();
  const action =
    /<form id="(?:pay|card)"[^>]* action="([^"]+)"/.exec(markup)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const values = new URLSearchParams();
  for (const [input] of markup.matchAll(/<input [^>]*>/g)) {
    const name = / name="([^"]*)"/.exec(input)?.[1];
    if (name) values.set(name, / value="([^"]*)"/.exec(input)?.[1] ?? '');
  }
  for (const [name, value] of Object.entries(fields)) values.set(name, value);
  return fetch(new URL(action, response.url), { method: 'POST', body: values, redirect: 'manual' });
}

export const goodCard = {
  cardnumber: '4242 4242 4242 4242',
  exp: '12 / 34',
  cvc: '123',
  name: 'Ada Lovelace',
};
