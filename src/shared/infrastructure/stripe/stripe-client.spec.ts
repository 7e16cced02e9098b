import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { askStripe } from './ask-stripe.js';
import { StripeClients, stripeApiVersion } from './stripe-client.js';
import type { StripeFailure } from './stripe-failure.js';

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

const intent = { id: 'pi_1', object: 'payment_intent', status: 'succeeded' };
const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
const error = (status: number, fields: object) =>
  answer(status, { error: { type: 'invalid_request_error', message: 'no', ...fields } });

/** Headers of a whole answer, and half its body. */
const cutOff: Behaviour = (_, response) => {
  response.writeHead(200, { 'content-length': '500', 'request-id': 'req_1' }).write('{"id":"pi_1",');
  setTimeout(() => response.destroy(), 20);
};
/** A good answer, one byte every 20 ms: never idle, never done in time. */
const drip: Behaviour = (_, response) => {
  const body = JSON.stringify(intent);
  let sent = 0;
  response.writeHead(200, { 'content-length': String(body.length) });
  const timer = setInterval(() => (sent < body.length ? response.write(body[sent++]) : response.end()), 20);
  response.on('close', () => clearInterval(timer));
};

const table: readonly [string, Behaviour, Record<string, unknown>][] = [
  [
    'a declined card',
    error(402, {
      type: 'card_error',
      code: 'card_declined',
      decline_code: 'stolen_card',
      advice_code: 'do_not_try_again',
      charge: 'ch_1',
      payment_intent: { ...intent, status: 'requires_payment_method' },
    }),
    {
      name: 'StripeDeclined',
      code: 'card_declined',
      declineCode: 'stolen_card',
      adviceCode: 'do_not_try_again',
      charge: 'ch_1',
      paymentIntent: { id: 'pi_1' },
      requestId: 'req_1',
    },
  ],
  [
    'a decline without particulars',
    error(402, { type: 'card_error' }),
    { name: 'StripeDeclined', code: 'card_declined', declineCode: undefined, adviceCode: undefined },
  ],
  [
    'a parameter at fault',
    error(400, { code: 'amount_too_small', param: 'amount', message: 'Too small' }),
    { name: 'StripeRefused', status: 400, code: 'amount_too_small', param: 'amount', message: 'Too small' },
  ],
  [
    'an unknown object',
    error(404, { code: 'resource_missing', param: 'intent' }),
    { name: 'StripeRefused', status: 404, code: 'resource_missing' },
  ],
  [
    'a key used for something else',
    error(400, { type: 'idempotency_error' }),
    { name: 'StripeRefused', code: 'idempotency_error' },
  ],
  [
    'a used OAuth code',
    answer(400, { error: 'invalid_grant', error_description: 'used' }),
    { name: 'StripeRefused', code: 'invalid_grant', message: 'used' },
  ],
  [
    'a revoked key',
    error(401, { message: 'Expired API Key provided: sk_test_*******lamps' }),
    { name: 'StripeKeyRefused', message: 'Expired API Key provided: (hidden)' },
  ],
  ['a disconnected account', error(403, { code: 'account_invalid' }), { name: 'StripeAccountGone' }],
  ['a restricted key', error(403, {}), { name: 'StripePermissionMissing' }],
  ['too many requests', error(429, { code: 'rate_limit' }), { name: 'StripeBusy' }],
  ['a locked object', error(429, { code: 'lock_timeout' }), { name: 'StripeBusy' }],
  ['a key in use', error(409, { code: 'idempotency_key_in_use' }), { name: 'StripeBusy' }],
  ['half a body', cutOff, unknown('half_body')],
  ['a drip past the deadline', drip, unknown('deadline')],
  ['silence', () => undefined, unknown('deadline')],
  ['an error of Stripe', error(500, { type: 'api_error' }), unknown('server_error')],
  [
    'an error of Stripe that it has stored',
    answer(500, { error: { type: 'api_error' } }, { 'idempotent-replayed': 'true' }),
    unknown('stored_error'),
  ],
  ['a page of a proxy', answer(502, '<html>Bad gateway</html>'), unknown('not_json')],
  ['JSON of a proxy', answer(503, { message: 'overloaded' }), unknown('server_error')],
  ['a 404 of a proxy', answer(404, { error: 'not found' }), unknown('foreign_answer')],
  ['a 401 of a proxy', answer(401, { message: 'log in' }), unknown('foreign_answer')],
  ['a redirect', answer(302, {}, { location: '/elsewhere' }), unknown('foreign_answer')],
  ['an empty object', answer(200, {}), unknown('foreign_answer')],
  ['an object without an id', answer(200, { object: 'payment_intent' }), unknown('foreign_answer')],
  ['an error under 200', error(200, {}), unknown('foreign_answer')],
  ['null', answer(200, 'null'), unknown('not_json')],
  ['a bare text', answer(200, '"fine"'), unknown('not_json')],
  ['a bare number', answer(404, '5'), unknown('not_json')],
  ['an empty body', answer(200, ''), unknown('not_json')],
];

function unknown(reason: string) {
  return { name: 'StripeUnknownOutcome', reason };
}

describe('a call to Stripe', () => {
  let server: Server;
  let clients: StripeClients;
  let behaviour: Behaviour;
  let requests: IncomingMessage[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      request.resume().on('end', () => behaviour(request, response));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    clients = new StripeClients(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      secretKey: 'sk_test_platform',
      clientId: 'ca_1',
    });
  });
  afterAll(async () => {
    clients.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const confirm = (with_: Behaviour, deadlineMs = 200) => {
    behaviour = with_;
    requests = [];
    const stripe = clients.onBehalfOf('acct_1');
    return askStripe(() => stripe.paymentIntents.confirm('pi_1', {}, { idempotencyKey: 'k:confirm' }), {
      deadlineMs,
    });
  };

  test('brings the object that was asked for, under our key, version and account', async () => {
    expect(await confirm(answer(200, intent))).toMatchObject(intent);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers).toMatchObject({
      authorization: 'Bearer sk_test_platform',
      'idempotency-key': 'k:confirm',
      'stripe-account': 'acct_1',
      'stripe-version': stripeApiVersion,
    });
    expect(requests[0]?.headers).not.toHaveProperty('x-stripe-client-telemetry');
  });

  test.each(table)('that meets %s fails as what it is', async (_, with_, expected) => {
    const failure: StripeFailure = await confirm(with_).then(
      () => Promise.reject(new Error('resolved')),
      (thrown) => thrown,
    );
    expect(failure).toMatchObject(expected);
  });

  test('that nobody listens for has no known outcome', async () => {
    const nowhere = new StripeClients('http://127.0.0.1:1').withKey('sk_test_x');
    await expect(askStripe(() => nowhere.paymentIntents.retrieve('pi_1'))).rejects.toMatchObject(
      unknown('unreachable'),
    );
  });

  test('that is reset again and again has no known outcome', async () => {
    await expect(confirm((request) => request.socket.destroy(), 2000)).rejects.toMatchObject(
      unknown('connection_lost'),
    );
    expect(requests).toHaveLength(2);
  });

  test('is repeated after a reset under the same key only', async () => {
    const keys: unknown[] = [];
    const outcome = await confirm((request, response) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length === 1) request.socket.destroy();
      else answer(200, intent)(request, response);
    }, 2000);
    expect(outcome.id).toBe('pi_1');
    expect(keys).toEqual(['k:confirm', 'k:confirm']);
  });

  test('is not repeated when Stripe answers that something went wrong', async () => {
    await expect(confirm(error(500, { type: 'api_error' }))).rejects.toThrow();
    expect(requests).toHaveLength(1);
  });

  test('knows a list, and an answer it is told how to recognise', async () => {
    const stripe = clients.withKey('sk_test_x');
    behaviour = answer(200, { object: 'list', data: [], has_more: false });
    expect((await askStripe(() => stripe.refunds.list())).data).toEqual([]);
    behaviour = answer(200, { stripe_user_id: 'acct_1' });
    const deauthorize = () => stripe.oauth.deauthorize({ client_id: 'ca_1', stripe_user_id: 'acct_1' });
    await expect(askStripe(deauthorize)).rejects.toMatchObject(unknown('foreign_answer'));
    const recognise = (reply: { stripe_user_id?: string }) => reply.stripe_user_id === 'acct_1';
    expect(await askStripe(deauthorize, { recognise })).toMatchObject({ stripe_user_id: 'acct_1' });
  });

  test('finds the OAuth pages on the Stripe in use', () => {
    expect(new StripeClients('https://api.stripe.com').connectUrl).toBe('https://connect.stripe.com');
    expect(new StripeClients('http://127.0.0.1:12111/').connectUrl).toBe('http://127.0.0.1:12111');
  });

  test('may carry a live key to real Stripe only', () => {
    expect(new StripeClients('https://api.stripe.com').isRealStripe).toBe(true);
    expect(new StripeClients('http://api.stripe.com').isRealStripe).toBe(false);
    expect(new StripeClients('https://stripe.example.test').isRealStripe).toBe(false);
  });
});
