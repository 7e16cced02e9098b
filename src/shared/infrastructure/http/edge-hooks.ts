import { createHash } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import { findCardNumber, holdsCardNumber } from './card-number.js';
import { pointerTo } from './faults.js';
import { BODY_LIMIT, parseBody, WEBHOOK_BODY_LIMIT } from './json-body.js';
import { header } from './requests.js';
import type { RouteTable } from './route-table.js';

/** What a route asks of the edge; see `RawBody`, `FormBody` and `AsksStripe`. */
export type RouteWishes = Readonly<{ rawBody?: boolean; formBody?: boolean; asksStripe?: boolean }>;

export const wishesOf = (request: FastifyRequest): RouteWishes =>
  (request.routeOptions.config ?? {}) as RouteWishes;

/** Notes each route, and gives webhooks their larger body. */
export function watchRoutes(server: FastifyInstance, table: RouteTable): void {
  server.addHook('onRoute', (route) => {
    table.add(route.url, [route.method].flat());
    if ((route.config as RouteWishes | undefined)?.rawBody) route.bodyLimit = WEBHOOK_BODY_LIMIT;
  });
}

/** Before a body is read: one that goes nowhere is not taken in, and its faults do not hide that. */
export function refuseStrayCalls(server: FastifyInstance, table: RouteTable): void {
  server.addHook('onRequest', async (request) => {
    if (request.is404) throw table.refusal(request);
  });
}

/** JSON for all, forms for pages that ask for them, exact bytes for webhooks; anything else is a 415. */
export function readBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const options = { parseAs: 'buffer' as const, bodyLimit: BODY_LIMIT };
  server.addContentTypeParser('application/json', options, async (request: FastifyRequest, bytes: Buffer) =>
    wishesOf(request).rawBody ? bytes : parseBody(bytes),
  );
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    options,
    async (request: FastifyRequest, bytes: Buffer) => {
      if (wishesOf(request).formBody) return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
      throw new Refusal('unsupported_media_type', 'Send application/json.');
    },
  );
}

/** Refuses card numbers before anything reads, stores or logs the request. Signed webhooks are Stripe's own words. */
export function refuseCardNumbers(server: FastifyInstance): void {
  const refuse = (where: string, pointer: string): never => {
    const detail = 'Card numbers are not taken here: use Stripe’s own fields or page, and send the token.';
    throw new Refusal('card_number_refused', detail, { param: pointer, in: where });
  };
  server.addHook('onRequest', async (request) => {
    if (wishesOf(request).rawBody) return;
    const inQuery = findCardNumber(request.query);
    if (inQuery !== undefined) refuse('query', inQuery);
    const inPath = request.is404 ? undefined : findCardNumber(request.params);
    if (inPath !== undefined) refuse('path', inPath);
    if (holdsCardNumber(decoded(request.url.split('?', 1)[0] ?? ''))) refuse('path', '');
    const key = header(request, 'idempotency-key');
    if (key && holdsCardNumber(key)) refuse('header', pointerTo(['Idempotency-Key']));
  });
  server.addHook('preValidation', async (request) => {
    if (wishesOf(request).rawBody) return;
    const inBody = findCardNumber(request.body);
    if (inBody !== undefined) refuse('body', inBody);
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Nothing on an API answer may run, load or be framed. Pages say themselves what they need. */
export async function addSecureHeaders(server: FastifyInstance, https: boolean): Promise<void> {
  await server.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: true },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
}

const PER_KEY = { max: 10_000, windowMs: 10_000 };
const PER_PAYER = { max: 300, windowMs: 60_000 };

/** Per API key for the API, per address for the customer's pages. Health, console and webhooks are not counted. */
export async function limitRates(server: FastifyInstance): Promise<void> {
  const isPage = (request: FastifyRequest) => request.url.startsWith('/pay/');
  const isApi = (request: FastifyRequest) => request.url.startsWith('/v1/') && !wishesOf(request).rawBody;
  const limitFor = (request: FastifyRequest) => (isPage(request) ? PER_PAYER : PER_KEY);
  const silent = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
  await server.register(rateLimit, {
    global: true,
    max: (request) => limitFor(request).max,
    timeWindow: (request) => limitFor(request).windowMs,
    allowList: (request) => !isPage(request) && !isApi(request),
    keyGenerator: (request) => {
      const key = isApi(request) ? header(request, 'authorization') : undefined;
      return key ? createHash('sha256').update(key).digest('base64') : `${isPage(request)} ${request.ip}`;
    },
    addHeaders: { ...silent, 'retry-after': true },
    addHeadersOnExceeding: silent,
    errorResponseBuilder: (_, { ttl }) =>
      new Refusal('rate_limited', 'Too many calls in a short time.', { retry_after: Math.ceil(ttl / 1000) }),
  });
}
