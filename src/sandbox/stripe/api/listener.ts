import type { IncomingMessage, RequestListener } from 'node:http';
import { answerAdmin } from '../admin/admin-api.js';
import type { World } from '../engine/world.js';
import { answerPage } from '../pages/routes.js';
import { accountRoutes } from '../resources/accounts.js';
import { balanceRoutes } from '../resources/balance.js';
import { chargeRoutes } from '../resources/charges.js';
import { checkoutSessionRoutes } from '../resources/checkout-sessions.js';
import { confirmationTokenRoutes } from '../resources/confirmation-tokens.js';
import { customerRoutes } from '../resources/customers.js';
import { disputeRoutes } from '../resources/disputes.js';
import { earlyFraudWarningRoutes } from '../resources/early-fraud-warnings.js';
import { eventRoutes } from '../resources/events.js';
import { paymentIntentRoutes } from '../resources/payment-intents.js';
import { paymentMethodRoutes } from '../resources/payment-methods.js';
import { refundRoutes } from '../resources/refunds.js';
import { setupIntentRoutes } from '../resources/setup-intents.js';
import { webhookEndpointRoutes } from '../resources/webhook-endpoints.js';
import { type Answer, send } from './answer.js';
import { Exchange, type Incoming, toldOf } from './exchange.js';
import { Router } from './route.js';

const largestBody = 1024 * 1024;

/** One door for the API, the pages and the sandbox's owner. */
export function listener(world: World, adminToken: string, afterReset: () => void): RequestListener {
  const routes = [
    ...accountRoutes,
    ...balanceRoutes,
    ...chargeRoutes,
    ...checkoutSessionRoutes,
    ...confirmationTokenRoutes,
    ...customerRoutes,
    ...disputeRoutes,
    ...earlyFraudWarningRoutes,
    ...eventRoutes,
    ...paymentIntentRoutes,
    ...paymentMethodRoutes,
    ...refundRoutes,
    ...setupIntentRoutes,
    ...webhookEndpointRoutes,
  ];
  const exchange = new Exchange(world, new Router(routes));
  const answerOf = async (incoming: Incoming): Promise<Answer> => {
    if (/^\/_sandbox(\/|$)/.test(incoming.path)) return answerAdmin(world, adminToken, incoming, afterReset);
    return (await answerPage(world, incoming)) ?? exchange.answer(incoming);
  };
  return (request, response) => {
    read(request)
      .then(answerOf)
      .catch((error: unknown) => ({ ...toldOf(error), headers: {} }))
      .then((answer) => send(response, answer))
      .catch(() => response.destroy());
  };
}

async function read(request: IncomingMessage): Promise<Incoming> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return { method: request.method ?? 'GET', path, query, headers: request.headers, body };
}
