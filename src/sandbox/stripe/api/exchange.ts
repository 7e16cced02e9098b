import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Remembered } from '../engine/books.js';
import type { World } from '../engine/world.js';
import { type Fault, withFault } from '../faults/spoil.js';
import { type Answer, json } from './answer.js';
import { type Admitted, admit, apiVersion, checkVersion } from './caller.js';
import { ApiError, invalid, OAuthError } from './errors.js';
import { expand } from './expand.js';
import { type Form, parseForm } from './form.js';
import { earlierAnswer, type Keyed, keyed } from './idempotency.js';
import { readParams } from './params.js';
import { lockTimeout, RateLimits, tooMany } from './rate-limits.js';
import type { Match, Router } from './route.js';

export type Incoming = Readonly<{
  method: string;
  path: string;
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
}>;

type Told = Readonly<{ status: number; body: string; headers?: Readonly<Record<string, string>> }>;
type Prepared = Admitted &
  Readonly<{ match: Match; form: Form; fault: Fault | undefined; key: Keyed | undefined }>;

/** Answers the API's calls: who asks, what is asked, was it asked before, what goes wrong; then it is done. */
export class Exchange {
  private readonly running = new Set<string>();
  private readonly limits: RateLimits;

  constructor(
    private readonly world: World,
    private readonly router: Router,
  ) {
    this.limits = new RateLimits(world.settings.rates);
  }

  async answer(incoming: Incoming): Promise<Answer> {
    const began = performance.now();
    const requestId = this.world.ids.next('request');
    let prepared: Prepared | undefined;
    let answer: Answer;
    try {
      prepared = this.prepare(incoming);
      answer = await this.perform(prepared, incoming, requestId);
    } catch (error) {
      answer = { headers: {}, ...toldOf(error) };
    }
    await this.world.books.settled();
    const headers = { ...this.headersFor(incoming, requestId, answer.status), ...answer.headers };
    this.log(incoming, requestId, prepared, { ...answer, headers }, performance.now() - began);
    return { ...answer, headers };
  }

  private prepare(incoming: Incoming): Prepared {
    const admitted = admit(this.world, incoming.headers);
    checkVersion(incoming.headers);
    const match = this.router.find(incoming.method, incoming.path);
    if (!match) throw unrecognized(incoming);
    const form = formOf(incoming);
    const { id: account } = admitted.account;
    this.limits.count(account, match.route.path);
    const subject = {
      method: incoming.method,
      path: incoming.path,
      account,
      param: (name: string) => new URLSearchParams(incoming.body || incoming.query).get(name),
    };
    const fault = this.world.faults.forCall(subject);
    const key = incoming.headers['idempotency-key'];
    const named = incoming.method === 'POST' && typeof key === 'string' && key !== '';
    return {
      ...admitted,
      match,
      form,
      fault,
      key: named ? keyed(account, key, incoming.method, incoming.path, form) : undefined,
    };
  }

  private async perform(prepared: Prepared, incoming: Incoming, requestId: string): Promise<Answer> {
    const { fault, key } = prepared;
    if (fault?.kind === 'rate_limit') throw tooMany();
    if (fault?.kind === 'lock_timeout') throw lockTimeout();
    return withFault(fault, async () => {
      const earlier = key && earlierAnswer(this.world, this.running, key);
      if (earlier) return replayed(earlier);
      if (key) this.running.add(key.id);
      try {
        if (fault?.kind === 'latency') await wait(fault.ms);
        const told = this.work(prepared, incoming, requestId);
        await this.world.books.settled();
        return { headers: {}, ...told };
      } finally {
        if (key) this.running.delete(key.id);
      }
    });
  }

  /** What is done and what is answered for it are kept together, or neither is. */
  private work(prepared: Prepared, incoming: Incoming, requestId: string): Told {
    const { books, clock } = this.world;
    const { key, fault } = prepared;
    return books.commit(() => {
      const done = this.attempt(prepared, requestId, incoming.headers['idempotency-key']);
      const told = fault?.kind === 'status_after' ? serverError(fault.status) : done;
      if (key) {
        const { id, account, method, path, hash } = key;
        books.remembered.add(account, id, { method, path, hash, ...told, requestId, at: clock.now }, null);
      }
      return told;
    });
  }

  private attempt({ match, form, account, caller }: Prepared, requestId: string, key: unknown): Told {
    const { expand: paths, ...rest } = form;
    const params = readParams(match.route.schema, rest);
    const [id = '', subId = ''] = match.ids;
    const idempotencyKey = typeof key === 'string' ? key : null;
    const cause = { account: account.id, requestId, idempotencyKey };
    try {
      const object = match.route.handle({
        world: this.world,
        account,
        caller,
        cause,
        params: params as never,
        id,
        subId,
      });
      return {
        status: 200,
        body: JSON.stringify(expand(this.world.books, account.id, object, expandPaths(paths)), null, 2),
      };
    } catch (error) {
      if (error instanceof ApiError && error.begun) return toldOf(error);
      throw error;
    }
  }

  private headersFor(incoming: Incoming, requestId: string, status: number): Record<string, string> {
    const key = incoming.headers['idempotency-key'];
    const account = incoming.headers['stripe-account'];
    return {
      ...json,
      'request-id': requestId,
      'stripe-version': apiVersion,
      ...(typeof key === 'string' && incoming.method === 'POST' && { 'idempotency-key': key }),
      ...(typeof account === 'string' && { 'stripe-account': account }),
      ...((status === 409 || status >= 500) && { 'stripe-should-retry': 'true' }),
      ...(status === 429 && { 'stripe-should-retry': 'false' }),
    };
  }

  private log(
    incoming: Incoming,
    id: string,
    prepared: Prepared | undefined,
    answer: Answer,
    tookMs: number,
  ): void {
    const key = incoming.headers['idempotency-key'];
    this.world.requests.add({
      id,
      at: this.world.clock.now,
      method: incoming.method,
      path: incoming.path,
      account: prepared?.account.id ?? null,
      status: answer.status,
      tookMs,
      idempotencyKey: typeof key === 'string' ? key : null,
      replayed: answer.headers['idempotent-replayed'] === 'true',
      fault: prepared?.fault?.kind ?? null,
    });
  }
}

function formOf({ method, headers, body, query }: Incoming): Form {
  const type = headers['content-type'] ?? '';
  if (method === 'POST' && body !== '' && !type.startsWith('application/x-www-form-urlencoded')) {
    throw invalid(
      `Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.`,
    );
  }
  const form = parseForm(method === 'POST' ? body : query);
  if (!form) throw invalid('Invalid parameters: a name makes no sense.');
  return form;
}

function expandPaths(given: unknown): string[] {
  if (given === undefined) return [];
  const paths = Array.isArray(given) ? given : [given];
  if (paths.some((path) => typeof path !== 'string')) throw invalid('Invalid array', 'expand');
  return paths as string[];
}

function replayed({ status, body, requestId }: Remembered): Answer {
  return { status, body, headers: { 'idempotent-replayed': 'true', 'original-request': requestId } };
}

function unrecognized({ method, path }: Incoming): ApiError {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return new ApiError(404, { type: 'invalid_request_error', message });
}

function serverError(status: number): Told {
  const message = 'Sorry! There was an error on our side. We have been notified of it.';
  return { status, body: JSON.stringify({ error: { type: 'api_error', message } }, null, 2) };
}

/** How a failure is told. A fault of the sandbox's own is a 500 that names it: this is a test tool. */
export function toldOf(error: unknown): Told {
  if (error instanceof ApiError) {
    return { status: error.status, body: JSON.stringify({ error: error.body }, null, 2) };
  }
  if (error instanceof OAuthError) {
    return {
      status: error.status,
      body: JSON.stringify({ error: error.code, error_description: error.message }, null, 2),
    };
  }
  const message = `The sandbox failed: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 500, body: JSON.stringify({ error: { type: 'api_error', message } }, null, 2) };
}
