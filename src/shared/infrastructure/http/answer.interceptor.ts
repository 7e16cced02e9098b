import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, from, mergeMap, type Observable, switchMap, throwError, timeout } from 'rxjs';
import { Replayed } from '../../application/idempotency.js';
import { EventStore } from '../../application/ports/event-store.port.js';
import { Refusal } from '../../domain/refusal.js';
import { ANSWERS, Answer, type AnswerKind } from './answers.js';
import { pointerTo } from './faults.js';
import { Positions } from './positions.js';
import { PROBLEMS } from './problems.js';
import { notesOn, replyOf, requestOf } from './requests.js';

/** No answer takes longer than 25 s; what a use case has not decided by then is told as not known yet. */
const ANSWERS_WITHIN_MS = 24_500;

/** What every answer has in common: its schema, its position, its tag, and its deadline. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly positions: Positions,
    private readonly store: EventStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const declared = (Reflect.getMetadata(ANSWERS, context.getHandler()) ?? []) as AnswerKind[];
    const kinds = declared.filter(({ media }) => media === undefined);
    const request = requestOf(context);
    const reply = replyOf(context);
    return from(this.positions.awaitFor(request)).pipe(
      switchMap(() => next.handle()),
      timeout({ each: ANSWERS_WITHIN_MS, with: () => throwError(() => late()) }),
      mergeMap((result) => {
        const asItIs = kinds.length === 0 || reply.sent || result instanceof StreamableFile;
        return asItIs ? [result] : this.finish(result, kinds, request, reply);
      }),
      catchError(async (failure) => {
        // A declined card is an answer too: something was written before it.
        const cause = failure instanceof Replayed ? failure.cause : failure;
        if (cause instanceof Refusal && PROBLEMS[cause.code].status === 402) {
          await this.tellPosition(request, reply);
        }
        throw failure;
      }),
    );
  }

  private async finish(
    result: unknown,
    kinds: readonly AnswerKind[],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> {
    const { body, options } = result instanceof Answer ? result : new Answer(result, {});
    const kind = kinds.find(({ status }) => status === options.status) ?? kinds[0];
    if (!kind) throw new TypeError('the route declares no answer');
    reply.status(options.status ?? kind.status);
    await this.tellPosition(request, reply, options.position);
    if (options.replayed) reply.header('idempotent-replayed', 'true');
    for (const [name, value] of Object.entries(options.headers ?? {})) reply.header(name, value);
    if (kind.schema === null) return undefined;
    const out = kind.schema.safeParse(body);
    if (!out.success) {
      const faults = out.error.issues.map(({ path, code }) => `${pointerTo(path)} ${code}`);
      throw new TypeError(`an answer does not fit its schema: ${faults.join(', ')}`);
    }
    const tag = (out.data as { revision?: unknown } | null)?.revision;
    if (typeof tag === 'number') reply.header('etag', `"${tag}"`);
    return out.data;
  }

  /** Writes by key holders tell where they stand in the log. */
  private async tellPosition(request: FastifyRequest, reply: FastifyReply, position?: number): Promise<void> {
    if (request.method === 'GET' || request.method === 'HEAD' || !notesOn(request).caller) return;
    reply.header('quittance-position', Positions.token(position ?? (await this.store.head())));
  }
}

function late(): Refusal {
  return new Refusal('overloaded', 'There is no answer yet. Repeat the call with the same Idempotency-Key.');
}
