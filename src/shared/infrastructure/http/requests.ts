import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from './caller.js';

/** What the edge knows about a request besides what Fastify does. */
type Known = { caller?: Principal; keyId?: string };

const known = new WeakMap<FastifyRequest, Known>();

/** The edge's own notes on a request. They live as long as the request. */
export function notesOn(request: FastifyRequest): Known {
  const notes = known.get(request) ?? {};
  known.set(request, notes);
  return notes;
}

export function requestOf(context: ExecutionContext): FastifyRequest {
  return context.switchToHttp().getRequest<FastifyRequest>();
}

export function replyOf(context: ExecutionContext): FastifyReply {
  return context.switchToHttp().getResponse<FastifyReply>();
}

/** One header, trimmed; `undefined` where it is absent or empty. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(',') : value)?.trim() || undefined;
}

/** Who calls: `@Caller() caller: Caller`. Only on routes with a `@Scope`. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { caller } = notesOn(requestOf(context));
  if (!caller) throw new Error('a public route has no caller');
  return caller;
});
export type Caller = Principal;
