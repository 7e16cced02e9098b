import { FastifyAdapter, type NestFastifyApplication, RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { v7 } from 'uuid';
import { Refusal } from '../../domain/refusal.js';
import { Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { ApiDescription } from './api-description.js';
import {
  addSecureHeaders,
  limitRates,
  type RouteWishes,
  readBodies,
  refuseCardNumbers,
  refuseStrayCalls,
  watchRoutes,
} from './edge-hooks.js';
import { BODY_LIMIT } from './json-body.js';
import { shedLoad } from './lanes.js';
import { Metrics } from './metrics.js';
import { sendProblem } from './problem.js';
import { notesOn } from './requests.js';
import { RouteTable } from './route-table.js';
import { Shutdown } from './shutdown.js';

/** More at the same time are not accepted. */
const CONNECTIONS = 4_000;

/** The route gets the exact bytes: `@Body() bytes: Buffer`. For signatures. */
export const RawBody = () => RouteConfig({ rawBody: true } satisfies RouteWishes);

/** The route is the target of an HTML form. */
export const FormBody = () => RouteConfig({ formBody: true } satisfies RouteWishes);

/** The answer waits for Stripe, so the call has its place among those that do; see `ROOM`. */
export const AsksStripe = () => RouteConfig({ asksStripe: true } satisfies RouteWishes);

/** The HTTP server under Nest: `NestFactory.create(AppModule, httpAdapter(), { bodyParser: false, … })`. */
export function httpAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    genReqId: () => `req_${v7().replaceAll('-', '')}`,
    bodyLimit: BODY_LIMIT,
    frameworkErrors: (_: unknown, request: FastifyRequest, reply: FastifyReply) => {
      sendProblem(reply, new Refusal('not_found', 'There is no such address.'), request.id);
    },
    requestTimeout: 15_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 10_000,
    routerOptions: { maxParamLength: 256 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
  });
}

/** Everything that stands before and behind every route. Call it once, before `app.init()` or `app.listen()`. */
export async function configureHttp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  const shutdown = app.get(Shutdown);
  server.server.maxConnections = CONNECTIONS;
  watchRoutes(server, app.get(RouteTable));
  readBodies(server);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('request-id', request.id).header('cache-control', 'no-store');
    if (!shutdown.underWay) return;
    throw new Refusal('overloaded', 'The server is going down. Repeat the call in a moment.');
  });
  // Also of calls that came before: a connection left open would hold the server up until it times out.
  server.addHook('onSend', async (_, reply) => {
    if (shutdown.underWay) reply.header('connection', 'close');
  });
  noteEachRequest(app);
  await addSecureHeaders(server, app.get(Config).publicUrl.startsWith('https:'));
  await limitRates(server);
  shedLoad(server, app.get(Metrics));
  refuseCardNumbers(server);
  refuseStrayCalls(server, app.get(RouteTable));
  app.get(ApiDescription).describes(app);
}

/** One line and one measurement per request: the route's pattern, never the address, which may hold a token. */
function noteEachRequest(app: NestFastifyApplication): void {
  const log = app.get(Log);
  const metrics = app.get(Metrics);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', async (request, reply) => {
      const route = request.routeOptions.url ?? 'none';
      const ms = Math.round(reply.elapsedTime);
      metrics.requests.observe(
        { method: request.method, route, status: reply.statusCode },
        reply.elapsedTime / 1000,
      );
      const fields = { method: request.method, route, status: reply.statusCode, ms, request_id: request.id };
      const { keyId } = notesOn(request);
      if (route.startsWith('/health') || route === '/metrics') log.debug('request', fields);
      else log.info('request', { ...fields, ...(keyId && { key_id: keyId }) });
    });
}
