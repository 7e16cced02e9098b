import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Replayed } from '../../application/idempotency.js';
import {
  AppendInDoubt,
  EventStoreUnavailable,
  LogDamaged,
} from '../../application/ports/event-store.port.js';
import { Refusal, type RefusalCode, type RefusalFacts } from '../../domain/refusal.js';
import { Log } from '../logging/log.js';
import { Invalid } from './faults.js';
import { PROBLEMS } from './problems.js';
import { RouteTable } from './route-table.js';

const RETRY_AFTER_S: Partial<Record<RefusalCode, number>> = {
  read_model_behind: 1,
  idempotency_in_progress: 1,
  rate_limited: 1,
  overloaded: 1,
  stripe_unreachable: 2,
};

/** The one place where a failure becomes an answer. What is not a refusal says nothing of itself. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly routes: RouteTable,
  ) {}

  catch(failure: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const cause = failure instanceof Replayed ? failure.cause : failure;
    const refusal = this.refusalFor(cause, request);
    if (refusal.code === 'internal_error' || cause instanceof LogDamaged) {
      this.log.fault('request failed', cause, { request_id: request.id });
    }
    if (reply.sent || reply.raw.headersSent) return;
    if (failure instanceof Replayed) reply.header('idempotent-replayed', 'true');
    this.addHeaders(reply, refusal);
    reply
      .code(PROBLEMS[refusal.code].status)
      .header('request-id', request.id)
      .header('cache-control', 'no-store')
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(toProblem(refusal, request.id)));
  }

  private addHeaders(reply: FastifyReply, { code, facts }: Refusal): void {
    const wait = facts['retry_after'] ?? RETRY_AFTER_S[code];
    if (wait !== undefined) reply.header('retry-after', String(wait));
    if (code === 'unauthenticated') reply.header('www-authenticate', 'Bearer realm="quittance"');
    if (code === 'method_not_allowed') reply.header('allow', String(facts['allow']));
  }

  private refusalFor(failure: unknown, request: FastifyRequest): Refusal {
    if (failure instanceof Refusal) return failure;
    if (failure instanceof Invalid) {
      const detail =
        failure.faults.length === 1 ? 'One field has a fault.' : `${failure.faults.length} faults.`;
      return new Refusal('validation_failed', detail, {
        ...(failure.faults[0] && { param: failure.faults[0].pointer }),
        errors: failure.faults,
      });
    }
    if (failure instanceof EventStoreUnavailable || failure instanceof AppendInDoubt) {
      return new Refusal('overloaded', 'The log cannot be written right now. Repeat the call in a moment.');
    }
    return this.refusalForStatus(failure, request);
  }

  /** What Fastify and Nest refuse by themselves. */
  private refusalForStatus(failure: unknown, request: FastifyRequest): Refusal {
    switch (statusOf(failure)) {
      case 400:
        return new Refusal('malformed_json', 'The body cannot be read.');
      case 404:
      case 405:
      case 414: {
        const allow = this.routes.methodsOf(request.url);
        if (allow.length === 0 || allow.includes(request.method)) {
          return new Refusal('not_found', 'There is no such address.');
        }
        return new Refusal('method_not_allowed', `Here one can ${allow.join(', ')}.`, {
          allow: allow.join(', '),
        });
      }
      case 408:
      case 503:
        return new Refusal('overloaded', 'The server cannot take this call now. Repeat it in a moment.');
      case 413:
        return new Refusal('body_too_large', 'The body is larger than this address takes.');
      case 415:
        return new Refusal('unsupported_media_type', 'Send application/json.');
      default:
        return new Refusal(
          'internal_error',
          'The call failed, and it is not known to be your fault. We have a note of it.',
        );
    }
  }
}

/** Status of an error of Fastify or Nest; 500 for everything else. */
function statusOf(failure: unknown): number {
  if (failure instanceof HttpException) return failure.getStatus();
  const { statusCode, code } = (failure ?? {}) as { statusCode?: unknown; code?: unknown };
  const fastify = typeof code === 'string' && code.startsWith('FST_');
  return fastify && typeof statusCode === 'number' ? statusCode : 500;
}

/** RFC 9457, with the refusal's facts as members of their own. */
export function toProblem({ code, detail, facts }: Refusal, requestId: string): Record<string, unknown> {
  const { status, title, retryable = false } = PROBLEMS[code];
  const { allow: _, retry_after: __, ...members } = facts as RefusalFacts & Record<string, unknown>;
  return {
    ...members,
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    retryable: facts['retryable'] ?? retryable,
    request_id: requestId,
  };
}
