import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Replayed } from '../../application/idempotency.js';
import {
  AppendInDoubt,
  EventStoreUnavailable,
  LogDamaged,
} from '../../application/ports/event-store.port.js';
import { Refusal } from '../../domain/refusal.js';
import { Log } from '../logging/log.js';
import { type Fault, Invalid } from './faults.js';
import { sendProblem } from './problem.js';
import { RouteTable } from './route-table.js';

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
    sendProblem(reply, refusal, request.id);
  }

  private refusalFor(failure: unknown, request: FastifyRequest): Refusal {
    if (failure instanceof Refusal) return withFault(failure);
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
      case 414:
        return this.routes.refusal(request);
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

/** A fault that only a rule could find is listed like those that a schema finds. */
function withFault(refusal: Refusal): Refusal {
  const { code, detail, facts } = refusal;
  if (code !== 'validation_failed' || facts['errors'] || facts.param === undefined) return refusal;
  const errors: Fault[] = [{ pointer: facts.param, code: 'invalid', detail }];
  return new Refusal(code, detail, { ...facts, errors });
}

/** Status of an error of Fastify or Nest; 500 for everything else. */
function statusOf(failure: unknown): number {
  if (failure instanceof HttpException) return failure.getStatus();
  const { statusCode, code } = (failure ?? {}) as { statusCode?: unknown; code?: unknown };
  const fastify = typeof code === 'string' && code.startsWith('FST_');
  return fastify && typeof statusCode === 'number' ? statusCode : 500;
}
